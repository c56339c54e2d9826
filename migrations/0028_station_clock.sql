-- How far each station's own clock stands from ours, by what its newest messages say of when they were sent; and what rows of an import may name.

create table station_clock (
    station text collate "C" primary key,
    -- JSON: [minute, milliseconds ahead] of the newest minutes, the oldest first.
    samples text not null,
    -- The median of them; nothing while they are too few.
    ahead_ms bigint,
    measured_at bigint not null
);

-- What rows of an import may name beside what they make, as far as whoever brought it sees it.
alter table import_run add column sees text;
