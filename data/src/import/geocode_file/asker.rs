//! A gazetteer with the grids that its places are looked up in.

use std::sync::Arc;

use spatial::crs::Crs;
use spatial::geocode::AskScratch;

use super::answers::Answered;
use crate::actions::geocode::{Asked, Query, geocode};
use crate::geocode::Gazetteer;
use crate::import::locate_file::{Areas, Found};
use crate::routing::RoutingView;

/// What is asked about each row.
pub struct Asker {
    gazetteer: Arc<Gazetteer>,
    grids: Grids,
}

enum Grids {
    /// The borders of a database.
    View(Box<RoutingView>),
    /// The areas of a file.
    Areas(Box<Areas>),
    /// None: places are told without their grid.
    None,
}

impl Asker {
    /// A gazetteer with the borders of its database.
    pub fn with_borders(gazetteer: Arc<Gazetteer>, view: RoutingView) -> Self {
        Self { gazetteer, grids: Grids::View(Box::new(view)) }
    }

    /// A gazetteer with the grids of a file, or without any.
    pub fn with_areas(gazetteer: Arc<Gazetteer>, areas: Option<Areas>) -> Self {
        let grids = areas.map_or(Grids::None, |areas| Grids::Areas(Box::new(areas)));
        Self { gazetteer, grids }
    }

    /// The answer for a text, coordinates in `crs`, those inside the text of `text_crs`; or why there is none.
    pub(super) fn ask(
        &self,
        text: &str,
        crs: Crs,
        text_crs: Option<Crs>,
    ) -> Result<Answered, String> {
        thread_local! {
            static SCRATCH: std::cell::RefCell<AskScratch> = std::cell::RefCell::default();
        }
        match &self.grids {
            Grids::View(view) => {
                let asked = Asked::Text(text.to_owned());
                let query = Query { asked, area: None, limit: 3, text_crs };
                Answered::of(&geocode(&self.gazetteer, view, &query), crs)
            }
            Grids::Areas(_) | Grids::None => {
                let snapshot = self.gazetteer.snapshot();
                let query =
                    spatial::geocode::Query { limit: 3, ..spatial::geocode::Query::text(text) };
                let overlay = self.gazetteer.overlay();
                let answer =
                    SCRATCH.with_borrow_mut(|scratch| snapshot.ask(overlay, &query, scratch));
                let mut answered = Answered::bare(&answer, crs)?;
                if let (Grids::Areas(areas), Some(first)) = (&self.grids, answer.candidates.first())
                {
                    let place = first.point.lng_lat();
                    let position =
                        crate::import::source::Position { x: place.lng(), y: place.lat() };
                    if let Some(Found::Inside(face)) =
                        areas.find(Crs::Wgs84, vec![Ok(position)]).first()
                        && let Some((code, name)) = areas.names().get(*face as usize)
                    {
                        answered.grid = Some((code.clone(), name.clone(), None));
                    }
                }
                Ok(answered)
            }
        }
    }
}
