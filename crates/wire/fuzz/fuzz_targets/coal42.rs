//! 42号文 annex 2: names, files, layouts and descriptions of any bytes.

#![no_main]

use base::Timestamp;
use libfuzzer_sys::fuzz_target;
use wire::coal42::{
    File, FileName, KINDS, Limits, NameRule, describe, from_description, guess_name, layout, parse,
    write,
};

fuzz_target!(|data: &[u8]| {
    // The first byte says which type the rest is read as; beyond the table is an unknown one.
    let Some((which, bytes)) = data.split_first() else { return };
    let kind = KINDS.get(usize::from(*which) % (KINDS.len() + 1)).map_or("XXYZ", |row| row.code);
    let name = format!("220100000001_{kind}_20190801080000.txt");
    let name = FileName::parse(&name, NameRule::Strict).expect("a name");
    for name in [Some(&name), None] {
        let covered: usize = layout(name, bytes).iter().map(|span| span.len).sum();
        assert_eq!(covered, bytes.len());
    }
    guess_name(bytes);
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(name) = FileName::parse(text, NameRule::Tolerant)
    {
        assert_eq!(FileName::parse(&name.to_string(), NameRule::Tolerant), Ok(name));
    }
    let limits = Limits::default();
    let Ok(file) = parse(&name, bytes, Timestamp::MAX, limits) else { return };
    let written = match write(&file) {
        Ok(written) => written,
        // Text that one encoding cannot hold apart from another; never a separator.
        Err(wire::coal42::WriteError::Encoding(_)) => return,
        Err(error) => panic!("{error}"),
    };
    let back = parse(&name, &written, Timestamp::MAX, limits).expect("what was written is read");
    assert_eq!(texts(&back), texts(&file));
    let described = from_description(&describe(&file)).expect("its own description");
    assert_eq!(texts(&described), texts(&file));
});

fn texts(file: &File) -> Vec<Vec<String>> {
    (0..file.content.len()).filter_map(|at| file.content.texts(at)).map(|(_, it)| it).collect()
}
