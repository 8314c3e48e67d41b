//! What the slips page is asked for: the fields of its form, a selection, and addresses that ask it
//! again.

use courtyard_core::domain::{BusinessDate, EntryId, ProductNo, VillageNo};
use courtyard_core::store::{Place, SlipSelection, Standing, Turn};
use serde::Deserialize;

/// The form as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) village: String,
    pub(super) grower: String,
    pub(super) product: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) state: String,
    pub(super) unpaid: String,
    pub(super) q: String,
    older: String,
    newer: String,
}

/// The names of the form's fields, with what stands in them.
pub(super) type FieldsOf<'a> = [(&'static str, &'a str); 8];

impl Asked {
    /// What was asked, in the order in which it is shown.
    pub(super) fn fields(&self) -> FieldsOf<'_> {
        [
            ("q", &self.q),
            ("village", &self.village),
            ("grower", &self.grower),
            ("product", &self.product),
            ("from", &self.from),
            ("to", &self.to),
            ("state", &self.state),
            ("unpaid", &self.unpaid),
        ]
    }

    /// The slips that it means, and the first field that cannot be read.
    pub(super) fn selection(&self) -> (SlipSelection, Option<&'static str>) {
        let mut unread = None;
        let mut see = |name: &'static str, text: &str, is_read: bool| {
            if !text.trim().is_empty() && !is_read && unread.is_none() {
                unread = Some(name);
            }
        };
        let selection = SlipSelection {
            village: self.village.trim().parse().ok().map(VillageNo::new),
            grower: self.grower.trim().to_uppercase().parse().ok(),
            product: self.product.trim().parse().ok().map(ProductNo::new),
            from: self.from.trim().parse().ok(),
            to: self.to.trim().parse().ok(),
            state: Standing::named(self.state.trim()),
            unpaid: self.unpaid == "1",
            text: self.q.trim().to_owned(),
        };
        see("village", &self.village, selection.village.is_some());
        see("grower", &self.grower, selection.grower.is_some());
        see("product", &self.product, selection.product.is_some());
        see("from", &self.from, selection.from.is_some());
        see("to", &self.to, selection.to.is_some());
        see("state", &self.state, selection.state.is_some());
        (selection, unread)
    }

    /// Which page of them.
    pub(super) fn turn(&self) -> Option<Turn> {
        place(&self.older).map(Turn::Older).or_else(|| place(&self.newer).map(Turn::Newer))
    }

    /// An address that asks for the same slips, but for this field.
    pub(super) fn address(&self, path: &str, without: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, text) in self.fields() {
            if !text.trim().is_empty() && name != without {
                query.append_pair(name, text.trim());
            }
        }
        joined(path, &query.finish())
    }

    /// The address of another page of the same slips.
    pub(super) fn turned(&self, path: &str, turn: Turn) -> String {
        let (name, at) = match turn {
            Turn::Older(place) => ("older", place),
            Turn::Newer(place) => ("newer", place),
        };
        let here = self.address(path, "");
        let sign = if here.contains('?') { '&' } else { '?' };
        format!("{here}{sign}{name}={}.{}", at.day, at.id)
    }

    /// What was asked, for the list of acts: a search may hold a name, so it is not said.
    pub(super) fn for_the_record(&self) -> String {
        let said = self.fields().into_iter().filter(|(_, text)| !text.trim().is_empty());
        let said = said.map(|(name, text)| match name {
            "q" => name.to_owned(),
            _ => format!("{name}={}", text.trim()),
        });
        said.collect::<Vec<_>>().join(" ").chars().take(120).collect()
    }
}

fn joined(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A place as an address carries it: `2026-07-01.A7K-000127`.
fn place(text: &str) -> Option<Place> {
    let (day, id) = text.split_once('.')?;
    Some(Place { day: day.parse::<BusinessDate>().ok()?, id: id.parse::<EntryId>().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "village" => asked.village = value.into_owned(),
                "from" => asked.from = value.into_owned(),
                "q" => asked.q = value.into_owned(),
                "older" => asked.older = value.into_owned(),
                other => panic!("{other}"),
            }
        }
        asked
    }

    #[test]
    fn an_address_asks_the_same_again_and_leaves_out_what_is_taken_away() {
        let one = asked("village=3&from=2026-07-01&q=%E7%8E%8B+1");
        assert_eq!(one.address("/slips", ""), "/slips?q=%E7%8E%8B+1&village=3&from=2026-07-01");
        assert_eq!(one.address("/slips.csv", "q"), "/slips.csv?village=3&from=2026-07-01");
        assert_eq!(asked("").address("/slips", ""), "/slips");
        assert_eq!(one.for_the_record(), "q village=3 from=2026-07-01");
    }

    #[test]
    fn a_place_comes_back_from_its_address() {
        let asked = asked("older=2026-07-01.A7K-000127");
        let Some(turn @ Turn::Older(place)) = asked.turn() else { panic!("no turn") };
        assert_eq!(place.id.to_string(), "A7K-000127");
        assert_eq!(asked.turned("/slips", turn), "/slips?older=2026-07-01.A7K-000127");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert_eq!(asked("village=3").selection().1, None);
        assert_eq!(asked("from=yesterday&village=x").selection().1, Some("village"));
        assert_eq!(asked("from=2026-13-01").selection().1, Some("from"));
        assert_eq!(asked("older=nonsense").turn(), None);
    }
}
