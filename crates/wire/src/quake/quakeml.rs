//! QuakeML 1.2, basic event description: events with several origins and magnitudes.

use super::event::{Document, Event, Magnitude, Origin, Status};
use super::field;
use super::limit::{self, Limits, ReadError, short};
use super::tree::{Node, walk};

/// Reads the events of a QuakeML document.
///
/// - Depth and its uncertainty, and the horizontal one, are metres there and km here.
/// - Times without a zone are UTC.
/// - Which origin and magnitude are preferred is what the event says. If it names one that
///   is not there, that is a fault, and none is.
/// - An event's status is that of its origin in use, and deleted where its type is
///   `not existing`.
/// - Elements of other namespaces and those that [`Event`] has no place for are named in
///   [`Document::passed_over`].
///
/// # Errors
/// [`ReadError`] for what is no QuakeML 1.2 in UTF-8, has a DOCTYPE or an entity of its own,
/// or is beyond `limits`.
///
/// # Source
/// QuakeML 1.2 BED, elements as the research notes have them and as a real document does;
/// the schema itself is not at hand.
pub fn parse_quakeml(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    let text = limit::text(bytes, limits)?;
    let mut document = Document::default();
    walk(text, limits, &mut document, |document, index, node| {
        let mut reader = Reader { document, limits };
        reader.event(&format!("event[{index}]"), &node);
    })?;
    Ok(document)
}

struct Reader<'d> {
    document: &'d mut Document,
    limits: &'d Limits,
}

impl Reader<'_> {
    fn fault(&mut self, place: String, problem: impl Into<String>) {
        self.document.fault(self.limits, place, problem.into());
    }

    fn read<T>(&mut self, place: &str, read: Result<T, String>) -> Option<T> {
        read.map_err(|problem| self.fault(place.to_owned(), problem)).ok()
    }

    fn event(&mut self, at: &str, node: &Node) {
        let Some(id) = node.public_id.as_deref().and_then(field::said) else {
            self.fault(at.to_owned(), "no publicID, expected one: the event is not read");
            return;
        };
        let mut event = Event { id, kind: said(node, "type"), ..Event::default() };
        for (index, origin) in node.all("origin").enumerate() {
            let origin = self.origin(&format!("{at}/origin[{index}]"), origin);
            event.origins.push(origin);
        }
        for (index, magnitude) in node.all("magnitude").enumerate() {
            if let Some(magnitude) = self.magnitude(&format!("{at}/magnitude[{index}]"), magnitude)
            {
                event.magnitudes.push(magnitude);
            }
        }
        event.preferred_origin = self.preferred(at, node, "preferredOriginID", |id| {
            event.origins.iter().position(|origin| origin.id.as_deref() == Some(id))
        });
        event.preferred_magnitude = self.preferred(at, node, "preferredMagnitudeID", |id| {
            event.magnitudes.iter().position(|magnitude| magnitude.id.as_deref() == Some(id))
        });
        let place = |description: &&Node| {
            matches!(
                said(description, "type").as_deref(),
                None | Some("region name" | "earthquake name")
            )
        };
        event.place =
            node.all("description").find(place).and_then(|description| said(description, "text"));
        if let Some(info) = node.first("creationInfo") {
            event.agency = said(info, "agencyID");
            event.version = said(info, "version");
            event.updated = self.time(&format!("{at}/creationInfo"), info, "creationTime");
        }
        event.status = match event.kind.as_deref() {
            Some("not existing" | "not_existing") => Status::Deleted,
            _ => event.origin().map_or(Status::Unknown, |origin| origin.status),
        };
        self.twice(at, node);
        self.document.events.push(event);
    }

    /// What may stand once and stands again is told: the first counts.
    fn twice(&mut self, at: &str, node: &Node) {
        let many = ["origin", "magnitude", "description"];
        let mut names: Vec<&str> = node.children.iter().map(|child| child.name.as_str()).collect();
        names.sort_unstable();
        names.dedup_by(|again, name| {
            let twice = again == name && !many.contains(name);
            if twice {
                self.fault(format!("{at}/{name}"), "stands again, expected once");
            }
            again == name
        });
        for child in &node.children {
            self.twice(&format!("{at}/{}", child.name), child);
        }
    }

    fn origin(&mut self, at: &str, node: &Node) -> Origin {
        let (lon, lat) = (self.value(at, node, "longitude"), self.value(at, node, "latitude"));
        let place = match (lon, lat) {
            (Some(lon), Some(lat)) => self.read(at, field::point(lon, lat)),
            (None, None) => None,
            _ => {
                self.fault(at.to_owned(), "one coordinate that can be read, expected two");
                None
            }
        };
        let depth_at = format!("{at}/depth");
        let depth_km = self
            .value(at, node, "depth")
            .and_then(|metres| self.read(&depth_at, field::depth(metres / 1_000.0)));
        let depth_uncertainty_km = self.uncertainty(at, node, "depth").map(kilometres);
        let time = node.first("time");
        let horizontal = node.first("originUncertainty").and_then(|uncertainty| {
            self.child(&format!("{at}/originUncertainty"), uncertainty, "horizontalUncertainty")
        });
        let horizontal_at = format!("{at}/originUncertainty/horizontalUncertainty");
        Origin {
            id: node.public_id.clone(),
            time: time.and_then(|time| self.time(&format!("{at}/time"), time, "value")),
            time_uncertainty_s: self.uncertainty(at, node, "time"),
            place,
            horizontal_uncertainty_km: horizontal
                .and_then(|metres| self.read(&horizontal_at, field::uncertainty(metres)))
                .map(kilometres),
            depth_km,
            depth_uncertainty_km,
            depth_type: said(node, "depthType"),
            status: self.status(at, node),
            agency: node.first("creationInfo").and_then(|info| said(info, "agencyID")),
        }
    }

    fn magnitude(&mut self, at: &str, node: &Node) -> Option<Magnitude> {
        let uncertainty = self.uncertainty(at, node, "mag");
        let status = self.status(at, node);
        let Some(value) = self.value(at, node, "mag") else {
            self.fault(at.to_owned(), "no value that can be read: the magnitude is not");
            return None;
        };
        let value = self.read(&format!("{at}/mag"), field::magnitude(value))?;
        Some(Magnitude {
            id: node.public_id.clone(),
            value,
            uncertainty,
            scale: said(node, "type"),
            origin: said(node, "originID"),
            status,
            agency: node.first("creationInfo").and_then(|info| said(info, "agencyID")),
        })
    }

    fn preferred(
        &mut self,
        at: &str,
        node: &Node,
        name: &str,
        find: impl Fn(&str) -> Option<usize>,
    ) -> Option<usize> {
        let id = said(node, name)?;
        let found = find(&id);
        if found.is_none() {
            let problem = format!("{:?} is none of this event's", short(&id));
            self.fault(format!("{at}/{name}"), problem);
        }
        found
    }

    /// What was evaluated says more than how: `evaluationStatus` before `evaluationMode`.
    fn status(&mut self, at: &str, node: &Node) -> Status {
        for name in ["evaluationStatus", "evaluationMode"] {
            let Some(word) = said(node, name) else { continue };
            match field::status(&word) {
                Some(status) => return status,
                None => {
                    let problem = format!("{:?}, not one that is known", short(&word));
                    self.fault(format!("{at}/{name}"), problem);
                }
            }
        }
        Status::Unknown
    }

    /// `name/value` as a number.
    fn value(&mut self, at: &str, node: &Node, name: &str) -> Option<f64> {
        node.first(name).and_then(|of| self.child(&format!("{at}/{name}"), of, "value"))
    }

    /// `name/uncertainty`, 0 or more.
    fn uncertainty(&mut self, at: &str, node: &Node, name: &str) -> Option<f64> {
        let at = format!("{at}/{name}");
        let value = node.first(name).and_then(|of| self.child(&at, of, "uncertainty"))?;
        self.read(&format!("{at}/uncertainty"), field::uncertainty(value))
    }

    fn child(&mut self, at: &str, node: &Node, name: &str) -> Option<f64> {
        let text = said(node, name)?;
        self.read(&format!("{at}/{name}"), field::number(&text))
    }

    fn time(&mut self, at: &str, node: &Node, name: &str) -> Option<base::Timestamp> {
        let text = said(node, name)?;
        self.read(&format!("{at}/{name}"), field::time(&text))
    }
}

fn kilometres(metres: f64) -> f64 {
    metres / 1_000.0
}

fn said(node: &Node, name: &str) -> Option<String> {
    node.first(name).and_then(|child| field::said(&child.text))
}
