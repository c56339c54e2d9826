//! Whether a place can be in a region.

use base::Located;
use host::{Error, Result};

use super::Region;

/// How far outside the box around its region a place may lie, in degrees: outlines of
/// regions are coarse, and what is wrong by a datum is wrong by less, what is wrong by a
/// digit or by exchanged numbers is wrong by more.
const MARGIN: f64 = 0.1;

impl Region {
    /// Whether a place can be in it; always, where nothing is known of how far it reaches.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names `place`.
    pub fn check_place(&self, place: &Located) -> Result<()> {
        let Some([west, south, east, north]) = self.bbox else { return Ok(()) };
        let (lon, lat) = (place.point.lon(), place.point.lat());
        let inside = (west - MARGIN..=east + MARGIN).contains(&lon)
            && (south - MARGIN..=north + MARGIN).contains(&lat);
        if inside {
            return Ok(());
        }
        let name = &self.name;
        let expected = format!("a place in {name}: {west}..{east} east, {south}..{north} north");
        Err(Error::invalid("place", [lon, lat], expected))
    }
}
