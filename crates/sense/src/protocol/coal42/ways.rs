//! How a mine's host is set up: its folder, or a URL, and what a file looks like.

use base::Timestamp;

use super::super::way::{Doors, KEY, Way, WayKind, compact};

/// - `mine`: the mine's code.
pub fn ways(mine: &str, doors: &Doors, now: Timestamp) -> Vec<Way> {
    let header = format!("{mine};煤矿名称;{}~", now.to_beijing());
    let record = format!("{mine}01MN0001011A08;甲烷;安装位置;0.42;%CH4;0;{}~", now.to_beijing());
    let file = format!("{mine}_CDSS_{}.txt", compact(now));
    let example = format!("{header}{record}||");
    let told = |way: Way| Way { file: Some(file.clone()), example: Some(example.clone()), ..way };
    // A file without records is a whole one: nothing is measured there now.
    let empty = format!("printf '%s' '{header}||'");
    let http = doors.http.map(|door| {
        let way = told(Way::http(door, "coal42/"));
        let command = format!("{empty} | curl -u '{mine}:{KEY}' -T - '{}{file}'", way.address);
        Way { command: Some(command), ..way }
    });
    let folder = doors.folder.as_ref().map(|inbox| {
        let folder = inbox.join(mine);
        let way = told(Way::new(WayKind::Folder, folder.display()));
        // Renamed when it is whole, so that nobody reads half of it.
        let command = format!(
            "mkdir -p '{0}' && {empty} > '{0}/.{file}' && mv '{0}/.{file}' '{0}/{file}'",
            way.address
        );
        Way { command: Some(command), ..way }
    });
    folder.into_iter().chain(http).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::{Coal42, Dialect as _, MineFile};
    use super::*;

    #[test]
    fn what_a_vendor_is_given_is_a_file_that_is_taken() {
        let mine = "220100000001";
        let now = Timestamp::from_beijing([2026, 8, 3], [9, 0, 0]).expect("a minute");
        let http = "127.0.0.1:7702".parse().ok();
        let doors = Doors { folder: Some("/srv/coal/inbox".into()), http, ..Doors::default() };
        let ways = ways(mine, &doors, now);
        assert_eq!(ways[0].address, "/srv/coal/inbox/220100000001");
        assert_eq!(ways[1].address, "http://127.0.0.1:7702/ingest/coal42/");
        for way in &ways {
            let (file, example) = (way.file.as_deref(), way.example.as_deref());
            let (file, example) = (file.expect("a name"), example.expect("content"));
            let command = way.command.as_deref().expect("a line");
            assert_eq!(file, "220100000001_CDSS_20260803090000.txt");
            let proof = command.split('\'').find(|part| part.ends_with("||")).expect("content");
            for (text, observations) in [(example, 1), (proof, 0)] {
                let read = MineFile::of_folder(mine, file, text.as_bytes(), now);
                let read = read.unwrap_or_else(|refusal| panic!("{}", refusal.reason));
                let said = Coal42::read(&read, now).expect("it reads");
                assert_eq!(said[0].observations.len(), observations, "{text}");
            }
        }
    }
}
