//! Publishing: edited grids become a new boundary version, in one transaction, or nothing at all.

use chrono::{DateTime, Utc};

use super::plan::GridPlan;
use super::{outline, plan, relocate, settle};
use crate::domain::boundary::{Edits, Published};
use crate::domain::id::BoundaryVersionId;
use crate::error::{DataError, Fault, Result};
use crate::import::boundary::{Change, Standing};
use crate::routing::Borders;
use crate::store::{PublishTransaction, Scope, Store};

/// What is to be published, and how.
#[derive(Clone, Debug, Default)]
pub struct Publication {
    /// The grids.
    pub edits: Edits,
    /// The version they were edited from. When another was published since, nothing is.
    pub base: Option<BoundaryVersionId>,
    /// From when on it is in force: at once if absent. In the past it is a correction: the cases since then get the grid
    /// that is right for their time.
    pub effective_at: Option<DateTime<Utc>>,
    /// Why.
    pub note: String,
    /// Who publishes, such as `api_key:3`.
    pub by: String,
    /// Whether land may change hands between communities; their outlines and those above follow then.
    pub move_divisions: bool,
    /// Judge only.
    pub dry_run: bool,
    /// Where the publisher may.
    pub scope: Scope,
}

/// Publishes.
///
/// # Errors
/// [`DataError::Invalid`] names every gap, overlap and other fault; [`DataError::Stale`] when others published since;
/// [`DataError::NoBoundaries`] or [`DataError::Database`]. Nothing was written then.
pub async fn publish(
    store: &Store,
    publication: Publication,
    now: DateTime<Utc>,
) -> Result<Published> {
    let mut transaction = store.publish_begin().await?;
    let base = transaction.newest().await?;
    if let Some(given) = publication.base.filter(|given| *given != base.id) {
        return Err(DataError::Stale {
            what: "boundary version",
            given: given.0,
            newest: base.id.0,
        });
    }
    if publication.effective_at.is_some_and(|at| at < base.effective_at) {
        let why = format!(
            "version {} is in force from {}: a later one cannot be from before",
            base.id, base.effective_at
        );
        return Err(DataError::invalid("/effective_at", why));
    }
    let standing = concerned(&mut transaction, base.id, &publication.edits).await?;
    let areas = Borders::new(base.id, Vec::new(), transaction.division_list(base.id).await?);
    in_sight(&publication.scope, &areas, &standing, &publication.edits)?;
    let edits = publication.edits.clone();
    let planned =
        judging(move || plan::plan(&standing, &edits)).await?.map_err(DataError::Invalid)?;
    let GridPlan { change, grids, outlines } = planned;
    let mut published = Published {
        boundary_version: None,
        base: base.id,
        effective_at: None,
        grids,
        divisions: Vec::new(),
        rehoused: 0,
        relocated: 0,
        map_version: None,
    };
    let divisions = if outlines.is_empty() {
        outline::DivisionPlan::default()
    } else {
        let (standing, moved) = (transaction.divisions(base.id).await?, publication.move_divisions);
        judging(move || outline::plan(outlines, &standing, moved))
            .await?
            .map_err(DataError::Invalid)?
    };
    published.divisions = divisions.insert.iter().map(|division| division.code.clone()).collect();
    if publication.dry_run || change.is_empty() {
        return Ok(published);
    }

    write(transaction, publication, &change, &divisions, &mut published, now).await?;
    Ok(published)
}

/// Writes what was planned, and everything that follows from it.
async fn write(
    mut transaction: PublishTransaction,
    publication: Publication,
    change: &Change,
    divisions: &outline::DivisionPlan,
    published: &mut Published,
    now: DateTime<Utc>,
) -> Result<()> {
    let Publication { effective_at, by, note, .. } = publication;
    let version = transaction.version_insert(effective_at, &by, &note).await?;
    let ids = transaction.grids_replace(version, &change.close, &change.insert).await?;
    transaction.divisions_replace(version, &divisions.close, &divisions.insert).await?;
    if effective_at.is_none_or(|at| at <= now) {
        published.rehoused =
            settle::rehouse(&mut transaction, &change.close, &change.insert, &ids).await?;
        published.map_version = Some(transaction.map_refresh().await?);
    }
    if let Some(at) = effective_at.filter(|at| *at <= now) {
        published.relocated =
            relocate::relocate(&mut transaction, version, at, &change.close, now).await?;
    }
    published.effective_at = Some(transaction.commit(version).await?);
    published.boundary_version = Some(version);
    Ok(())
}

async fn concerned(
    transaction: &mut PublishTransaction,
    version: BoundaryVersionId,
    edits: &Edits,
) -> Result<Vec<Standing>> {
    let named = edits.changed.iter().map(|edit| &edit.code);
    let codes: Vec<String> = named.chain(&edits.ended).cloned().collect();
    // Named, or in the code of a new grid.
    let of_code = edits.changed.iter().filter_map(|edit| edit.code.get(..12).map(str::to_owned));
    let named = edits.changed.iter().filter_map(|edit| edit.community_code.clone());
    let communities: Vec<String> = named.chain(of_code).collect();
    let shapes: Vec<_> = edits.changed.iter().map(|edit| &edit.shape).collect();
    transaction.grids_around(version, &codes, &communities, &shapes).await
}

/// Whoever sees one district publishes in that district only, before and after.
fn in_sight(scope: &Scope, areas: &Borders, standing: &[Standing], edits: &Edits) -> Result<()> {
    if scope.code().is_none() {
        return Ok(());
    }
    let sees = |community: Option<&str>| {
        community.is_some_and(|code| scope.sees(&areas.chain(code).area_path()))
    };
    let old = |code: &str| standing.iter().find(|old| old.border.code == code);
    let mut faults = Vec::new();
    for (at, edit) in edits.changed.iter().enumerate() {
        let before = old(&edit.code).map(|old| old.border.parent.as_deref());
        let of_code = edit.code.get(..12);
        let after = edit.community_code.as_deref().or(before.unwrap_or(of_code));
        if !sees(after) || before.is_some_and(|before| !sees(before)) {
            let why = format!("grid {} is not in the area of this key", edit.code);
            faults.push(Fault::at(format!("/grids/{at}/code"), why));
        }
    }
    for (at, code) in edits.ended.iter().enumerate() {
        if old(code).is_some_and(|old| !sees(old.border.parent.as_deref())) {
            let why = format!("grid {code} is not in the area of this key");
            faults.push(Fault::at(format!("/ended/{at}"), why));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(DataError::Invalid(faults)) }
}

/// Runs geometry on a thread that answers nobody.
async fn judging<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| DataError::Broken { what: "plan", why: error.to_string() })
}
