//! The type of a file whose name is not at hand.

use super::kind::{KINDS, Kind, KindInfo};
use super::name::FileName;
use super::parse::{Framed, bare, segments};
use super::record::{FieldKind, time};
use super::records::Shape;
use super::text;

/// Records that are looked at.
const LOOKED_AT: usize = 20;

/// What the name of these bytes most likely is; `None` when they are no whole file, or
/// when their columns fit no type.
///
/// The type stands in the name only. Columns alone leave some open (a call for help has
/// those of a restricted area), and then the more usual is taken: good enough for people
/// who look at bytes, never for storing.
pub fn guess_name(bytes: &[u8]) -> Option<FileName> {
    let (text, _) = text::decode(bytes).ok()?;
    let framed = Framed::of(&text).ok()?;
    let header: Vec<&str> = framed.header.split(';').take(17).map(bare).collect();
    let (mine, uploaded) = (header.first()?, time(header.last()?)?);
    let records: Vec<&str> = segments(framed.body)
        .map(|(segment, _)| bare(segment))
        .filter(|record| !record.is_empty())
        .take(LOOKED_AT)
        .collect();
    let name = |info: &KindInfo| FileName::new(mine, info.code, uploaded);
    let of_header =
        KINDS.iter().filter(|info| Kind(info.code.to_owned()).header().len() == header.len());
    let fits = |info: &&KindInfo| records.iter().filter(|record| reads(info, record, mine)).count();
    // A base station's code would pass for a substation's, never the other way.
    let rank = |info: &KindInfo| info.shape != Shape::SubstationState;
    let best = of_header
        .rev()
        .map(|info| (fits(&info), info))
        .max_by_key(|(count, info)| (*count, rank(info)))?;
    // Of a usual header nothing can be said without a record that fits.
    let is_known = best.0 > 0 || (records.is_empty() && header.len() > 3);
    is_known.then(|| name(best.1))
}

fn reads(info: &KindInfo, record: &str, mine: &str) -> bool {
    let Ok((fields, _)) = info.shape.cut(record) else { return false };
    // Texts fit everywhere: what has a form must be there for a fit to say something.
    let has_form = info.shape.fields().iter().any(|field| field.kind != FieldKind::Text);
    has_form && info.shape.empty().push(1, record, &fields, mine).is_ok()
}
