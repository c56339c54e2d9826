//! Which facts a caller may see in a time line or in the duty log.
//!
//! Each slice says with which permission its facts are seen, and that permission
//! reaches as far as it does: the condition is one alternative per slice.

use host::part::Kit;
use host::{Caller, Value};

/// A condition on `log` for what `caller` may see, or `None` when that is nothing;
/// pushes the values it needs.
pub(crate) fn condition(kit: &Kit, caller: &Caller, params: &mut Vec<Value>) -> Option<String> {
    let mut sights = Vec::new();
    for slice in kit.slices.iter().filter(|slice| !slice.kinds.is_empty()) {
        let Ok(scope) = caller.scope(slice.seen_with) else { continue };
        let mut places = Vec::with_capacity(slice.kinds.len());
        for kind in slice.kinds {
            params.push(kind.name.into());
            places.push(format!("${}", params.len()));
        }
        let inside = scope.filter("log.region", params);
        // Not the bare column: a planner that sees an index for each alternative
        // gathers and sorts all of them, where a walk from the newest entry or down
        // one thread ends after a few rows (60 ms against 0.3 ms at 100 000 facts).
        sights.push(format!("((log.kind || '') in ({}) and {inside})", places.join(", ")));
    }
    if sights.is_empty() { None } else { Some(format!("({})", sights.join(" or "))) }
}
