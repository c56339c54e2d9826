//! The tables' one history: numbered, forward-only, in `migrations/`.

use sha2::{Digest as _, Sha256};

use crate::db::{Conn, DbError, Read};
use crate::params;
use crate::part::Kit;

/// Number, name and text of every migration, in order.
pub const ALL: &[(i64, &str, &str)] = &[
    (1, "log", include_str!("../../../migrations/0001_log.sql")),
    (2, "atlas", include_str!("../../../migrations/0002_atlas.sql")),
    (3, "trust", include_str!("../../../migrations/0003_trust.sql")),
    (4, "sense", include_str!("../../../migrations/0004_sense.sql")),
    (5, "assess", include_str!("../../../migrations/0005_assess.sql")),
    (6, "alert", include_str!("../../../migrations/0006_alert.sql")),
    (7, "respond", include_str!("../../../migrations/0007_respond.sql")),
    (8, "neighbour", include_str!("../../../migrations/0008_neighbour.sql")),
    (9, "errand", include_str!("../../../migrations/0009_errand.sql")),
    (10, "station_secret", include_str!("../../../migrations/0010_station_secret.sql")),
    (11, "exchange", include_str!("../../../migrations/0011_exchange.sql")),
    (12, "calendar", include_str!("../../../migrations/0012_calendar.sql")),
    (13, "survey", include_str!("../../../migrations/0013_survey.sql")),
    (14, "mapping", include_str!("../../../migrations/0014_mapping.sql")),
    (15, "import", include_str!("../../../migrations/0015_import.sql")),
    (16, "region_spell", include_str!("../../../migrations/0016_region_spell.sql")),
    (17, "import_scale", include_str!("../../../migrations/0017_import_scale.sql")),
    (18, "source", include_str!("../../../migrations/0018_source.sql")),
    (19, "person_file", include_str!("../../../migrations/0019_person_file.sql")),
    (20, "taken_file", include_str!("../../../migrations/0020_taken_file.sql")),
    (21, "region_boundary", include_str!("../../../migrations/0021_region_boundary.sql")),
    (22, "station_command", include_str!("../../../migrations/0022_station_command.sql")),
    (23, "relay", include_str!("../../../migrations/0023_relay.sql")),
    (24, "quality_check", include_str!("../../../migrations/0024_quality_check.sql")),
    (25, "silence", include_str!("../../../migrations/0025_silence.sql")),
    (26, "retention", include_str!("../../../migrations/0026_retention.sql")),
    (27, "station_original", include_str!("../../../migrations/0027_station_original.sql")),
    (28, "station_clock", include_str!("../../../migrations/0028_station_clock.sql")),
    (30, "alert_message", include_str!("../../../migrations/0030_alert_message.sql")),
    (32, "alert_received", include_str!("../../../migrations/0032_alert_received.sql")),
    (33, "rule_conditions", include_str!("../../../migrations/0033_rule_conditions.sql")),
    (34, "earthquake", include_str!("../../../migrations/0034_earthquake.sql")),
    (35, "told", include_str!("../../../migrations/0035_told.sql")),
    (37, "handover", include_str!("../../../migrations/0037_handover.sql")),
    (38, "notice_steps", include_str!("../../../migrations/0038_notice_steps.sql")),
];

/// Brings a database up to the last migration; each runs in its own transaction.
///
/// # Errors
/// [`DbError`], also when the database is newer than this program.
pub(crate) fn run(conn: &mut Conn, kit: &Kit) -> Result<(), DbError> {
    conn.batch(
        "create table if not exists migration (number bigint primary key, name text not null)",
    )?;
    let (at, newest) = (self::at(conn)?, newest());
    if at > newest {
        return Err(DbError::Engine(format!(
            "database is at migration {at}, this program knows {newest}: it was written by a newer one"
        )));
    }
    for (number, name, text) in ALL.iter().filter(|(number, ..)| at < *number) {
        conn.begin()?;
        let done = conn.batch(text).and_then(|()| {
            conn.run(
                "insert into migration (number, name) values ($1, $2)",
                params![*number, *name],
            )
        });
        match done {
            Ok(_) => conn.commit()?,
            Err(error) => {
                conn.rollback()?;
                return Err(error);
            }
        }
    }
    conn.batch(&kit.tables_of_tests)
}

/// The number of the last migration that this program knows.
pub(crate) fn newest() -> i64 {
    ALL.last().map_or(0, |(number, ..)| *number)
}

/// What the tables look like after migration `number`, as a SHA-256 of everything that
/// made them. `None` for a number that this program does not know.
pub(crate) fn shape(kit: &Kit, number: i64) -> Option<String> {
    let mut hash = Sha256::new();
    for (_, _, text) in ALL.iter().filter(|(other, ..)| *other <= number) {
        hash.update(text);
    }
    hash.update(&kit.tables_of_tests);
    (number <= newest()).then(|| hex::encode(hash.finalize()))
}

/// The last migration that a database has had.
pub(crate) fn at(db: &mut dyn Read) -> Result<i64, DbError> {
    let row = db.row("select max(number) as number from migration", &[])?;
    Ok(row.map_or(Ok(None), |row| row.get("number"))?.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed_in_its_order_and_opens_with_its_reason() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder is in the repository")
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .collect();
        files.sort();
        let listed: Vec<String> =
            ALL.iter().map(|(number, name, _)| format!("{number:04}_{name}.sql")).collect();
        assert_eq!(files, listed);
        for (number, _, text) in ALL {
            assert!(text.starts_with("-- "), "migration {number} does not say why");
        }
    }
}
