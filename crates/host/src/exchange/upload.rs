//! A segment that comes by HTTP: taken in piece by piece, as it arrives.

use std::sync::Arc;

use axum::body::Body;
use tokio::sync::Semaphore;

use super::note::{self, SegmentNote, Uploaded};
use crate::Caller;
use crate::error::{Error, Result};
use crate::segment::{self, SegmentHead, Taken};
use crate::web::pieces;
use crate::world::World;

/// Uploads at one time: each may hold 256 MiB of the disk.
const AT_ONCE: usize = 2;

/// Room for uploads.
#[derive(Debug)]
pub(super) struct Places(Arc<Semaphore>);

impl Default for Places {
    fn default() -> Places {
        Places(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// Takes in the segment that a body is, and notes who brought it. Memory holds a few pieces
/// of it, the disk all.
///
/// # Errors
/// As [`segment::take_in`]; [`Error::Busy`] while others upload; [`Error::TooSlow`].
pub(super) async fn take(
    places: &Places,
    world: World,
    caller: Caller,
    body: Body,
) -> Result<(SegmentHead, Taken)> {
    let place = Arc::clone(&places.0).try_acquire_owned();
    let place = place.map_err(|_| Error::Busy("other segments are coming in"))?;
    pieces::read(body, place, move |pieces| {
        let (head, taken) = segment::take_in_with_head(&world, pieces)?;
        let (origin, first, last) = (head.origin.clone(), head.first, head.last);
        let uploaded = Uploaded { origin, first, last, new: taken.new };
        world.run_as(&caller, |tx| note::put(tx, SegmentNote::Uploaded(uploaded)))?;
        Ok((head, taken))
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::time::Duration;

    use bytes::Bytes;
    use futures_util::{StreamExt as _, stream};

    use super::*;
    use crate::log::{self, Book, Class};
    use crate::segment::{EXCHANGE, Outgoing};
    use crate::town::Town;
    use crate::{Lane, Scope};

    /// A county's segment of its first entries, and a province that would take it in.
    fn county_and_province() -> (Bytes, Town) {
        let county = Town::of_origin("county", Vec::new(), "");
        county.announces();
        let province = Town::new(Vec::new());
        province.trusts(&county);
        let wanted =
            Outgoing { after: 0, limit: 100, openness: Class::Internal, scope: Scope::Node };
        let mut bytes = Vec::new();
        segment::write(&county.world, &wanted, &mut bytes).expect("written").expect("its key");
        (bytes.into(), province)
    }

    /// Brings a body, and goes away when no more of it can be handed over at once.
    async fn bring_and_leave(places: &Places, province: &Town, body: Body) {
        let officer = province.officer("郑系统", &[EXCHANGE]);
        let taking = take(places, province.world.clone(), officer, body);
        let left = tokio::time::timeout(Duration::ZERO, taking).await;
        left.expect_err("nobody waited for an answer");
    }

    async fn until_free(places: &Places) {
        let free = async {
            while places.0.available_permits() < AT_ONCE {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(120), free)
            .await
            .expect("the places are given back");
    }

    fn position(province: &Town) -> i64 {
        province.world.read_now(|db| Ok(segment::position(db, "county")?)).expect("reads")
    }

    fn notes(province: &Town) -> usize {
        let trail = province.world.read_now(|db| Ok(log::after(db, Book::Trail, 0, 100)?));
        let trail = trail.expect("reads");
        trail.iter().filter(|entry| entry.kind() == "segment.uploaded").count()
    }

    #[tokio::test]
    async fn whoever_goes_away_in_the_middle_has_brought_no_segment_that_could_be_refused() {
        let (bytes, province) = county_and_province();
        let places = Places::default();
        for cut in [0, 1, bytes.len() / 2, bytes.len()] {
            let begun = stream::iter([Ok::<_, Infallible>(bytes.slice(..cut))]);
            let body = Body::from_stream(begun.chain(stream::pending()));
            bring_and_leave(&places, &province, body).await;
            until_free(&places).await;
            assert_eq!(province.world.read_now(segment::refused).expect("reads"), [], "{cut}");
            assert_eq!((position(&province), notes(&province)), (0, 0), "{cut}");
        }
        let spool = std::fs::read_dir(province.world.directory().join("spool")).expect("is there");
        assert_eq!(spool.count(), 0, "nothing is left on the disk");

        let officer = province.officer("郑系统", &[EXCHANGE]);
        let taken = take(&places, province.world.clone(), officer, bytes.into()).await;
        let (head, taken) = taken.expect("whole");
        assert_eq!((head.last, taken.new as i64), (position(&province), head.last));
    }

    #[tokio::test]
    async fn a_place_is_held_until_what_was_brought_is_taken_in_though_nobody_waits() {
        let (bytes, province) = county_and_province();
        let places = Places::default();
        let (begun, has_begun) = crossbeam_channel::bounded(1);
        let (go_on, may_go_on) = crossbeam_channel::bounded::<()>(1);
        let world = province.world.clone();
        let writer = std::thread::spawn(move || {
            world.run(Lane::Ordinary, "test", move |_| {
                begun.send(()).expect("somebody waits");
                may_go_on.recv().map_err(|error| Error::Internal(error.to_string()))
            })
        });
        has_begun.recv().expect("the writer is busy");
        bring_and_leave(&places, &province, bytes.into()).await;
        assert_eq!(places.0.available_permits(), AT_ONCE - 1, "it is still being taken in");

        go_on.send(()).expect("the writer waits");
        writer.join().expect("ends").expect("was only busy");
        until_free(&places).await;
        assert!(0 < position(&province), "what was whole came in");
        assert_eq!(notes(&province), 1);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_brings_what_another_is_bringing_is_in_the_trail_too() {
        for _ in 0..20 {
            let (bytes, province) = county_and_province();
            let places = Arc::new(Places::default());
            let (begun, has_begun) = crossbeam_channel::bounded(1);
            let (go_on, may_go_on) = crossbeam_channel::bounded::<()>(1);
            let world = province.world.clone();
            let writer = std::thread::spawn(move || {
                world.run(Lane::Ordinary, "test", move |_| {
                    begun.send(()).expect("somebody waits");
                    may_go_on.recv().map_err(|error| Error::Internal(error.to_string()))
                })
            });
            has_begun.recv().expect("the writer is busy");
            let bring = |name: &'static str| {
                let officer = province.officer(name, &[EXCHANGE]);
                let (places, world) = (Arc::clone(&places), province.world.clone());
                let body = Body::from(bytes.clone());
                tokio::spawn(async move { take(&places, world, officer, body).await })
            };
            let both = [bring("郑系统"), bring("冯安全")];
            tokio::time::timeout(Duration::from_millis(200), std::future::pending::<()>())
                .await
                .expect_err("both are at the writer");
            go_on.send(()).expect("the writer waits");
            writer.join().expect("ends").expect("was only busy");
            let mut new = 0;
            for one in both {
                let (head, taken) = one.await.expect("no panic").expect("taken in");
                assert_eq!(taken.new + taken.known, head.last as u64);
                new += taken.new as i64;
            }
            assert_eq!((new, notes(&province)), (position(&province), 2));
        }
    }
}
