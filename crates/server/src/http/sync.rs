//! Synchronisation: what is new on the device for what is new here, in one round trip.

use super::App;
use super::error::ApiError;
use super::events::{News, Others};
use super::extract::{Raw, parse};
use super::profile::view_consent;
use super::young::ATTEMPTS;
use crate::authorise::{self, Denied, SyncPermission, YoungPermission};
use crate::cursor::Cursor;
use crate::scope::Scopes;
use crate::store::{Appended, StoreError};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use plan::author::{Author, Right, right};
use plan::op::BadOp;
use plan::{OpId, Record};
use protocol::{ErrorCode, MAX_OPS, PROTOCOL, RefusedOp, SyncRequest, SyncResponse};
use serde::Deserialize;
use std::sync::Arc;

pub async fn sync(
    State(app): State<Arc<App>>,
    mut young: YoungPermission,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Json<SyncResponse>, ApiError> {
    let request = read(&body)?;
    for _ in 0..ATTEMPTS {
        match exchange(&app, &young, &request).await {
            Err(Failed::Stale) => young = app.young(&headers).await?,
            Err(Failed::For(error)) => return Err(error),
            Ok(response) => return Ok(Json(response)),
        }
    }
    Err(StoreError::Busy.into())
}

/// A newer protocol may have another body altogether, so the version is asked for first.
fn read(body: &[u8]) -> Result<SyncRequest, ApiError> {
    #[derive(Deserialize)]
    struct Version {
        protocol: u32,
    }
    let version: Version = parse(body)?;
    if version.protocol != PROTOCOL {
        return Err(ErrorCode::UnknownVersion.into());
    }
    let request: SyncRequest = parse(body)?;
    if request.ops.len() > MAX_OPS {
        return Err(ApiError::new(ErrorCode::TooLarge, format!("at most {MAX_OPS} operations in one request")));
    }
    Ok(request)
}

enum Failed {
    Stale,
    For(ApiError),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale => Self::Stale,
            error => Self::For(error.into()),
        }
    }
}

impl From<Denied> for Failed {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Store(error) => error.into(),
            denied @ Denied::For(_) => Self::For(denied.into()),
        }
    }
}

async fn exchange(app: &Arc<App>, young: &YoungPermission, request: &SyncRequest) -> Result<SyncResponse, Failed> {
    let now = app.clock.now();
    let permission = authorise::sync(young, now)?;
    let Sorted { taken, mut refused } = sort(&permission, &request.ops);
    let mut stored: Vec<OpId> = taken.iter().map(|record| record.op.id).collect();

    // This server has been put back to an earlier state since the cursor was given: every device must compare anew.
    let sent = Cursor::from(request.cursor);
    let restart = sent != permission.end && !app.store.is_here(&permission, sent).await?;
    let cursor = if restart { 0 } else { sent.seq };
    let at = if taken.is_empty() && !restart {
        Appended {
            before: permission.end.seq,
            end: permission.end,
            generation: permission.generation.clone(),
            new: Scopes::default(),
            no_room: Vec::new(),
            not_taken: Vec::new(),
        }
    } else {
        app.end_before(young, &taken, now).await?;
        let news = News::of(young.young()).but(young.device());
        let appending = app.store.append_ops(&permission, taken, restart, now);
        app.finish(appending, |done| match done {
            Ok(Appended { new, .. }) => (!new.is_empty()).then(|| news.to(Others::Readers(new.clone()))),
            // It may stand, and only its erasure be waited for. What of it is new is not known, so nobody else is told.
            Err(StoreError::Busy) => Some(news),
            Err(_) => None,
        })
        .await?
    };

    stored.retain(|id| !at.no_room.contains(id) && !at.not_taken.contains(id));
    refused.extend(at.not_taken.iter().map(|id| RefusedOp { id: id.to_string(), reason: ErrorCode::Forbidden }));
    refused.extend(at.no_room.iter().map(|id| RefusedOp { id: id.to_string(), reason: ErrorCode::TooLarge }));

    // What this request brought is not sent back: it ends at `before`.
    let mut ops = if cursor < at.before {
        app.store.list_ops(&permission, cursor, at.before, MAX_OPS + 1).await?
    } else {
        Vec::new()
    };
    let more = ops.len() > MAX_OPS;
    ops.truncate(MAX_OPS);
    if more {
        // A page's cursor does not reach what came with it, so nobody would notice that it was lost: it is sent again until one does.
        stored.clear();
    }
    let cursor = if more { ops.last().map_or(cursor, |op| op.seq) } else { at.end.seq };
    Ok(SyncResponse {
        cursor: at.end.at(cursor).into(),
        ops: ops.into_iter().map(|op| op.raw).collect(),
        more,
        stored: stored.iter().map(ToString::to_string).collect(),
        refused,
        consents: young.consents().map(|consent| view_consent(consent, now)).collect(),
        generation: at.generation,
    })
}

struct Sorted {
    taken: Vec<Record>,
    refused: Vec<RefusedOp>,
}

/// Which operations may be taken. The plan's words are the young person's, and an adult's are not: nobody writes on another's
/// field. Whether words that say they are an adult's were minted here is for who keeps them to tell.
fn sort(permission: &SyncPermission<'_>, ops: &[String]) -> Sorted {
    let mut sorted = Sorted { taken: Vec::new(), refused: Vec::new() };
    for (place, raw) in ops.iter().enumerate() {
        let reason = match Record::parse(raw) {
            Ok(record) if !is_for_a_phone(&record) => ErrorCode::Forbidden,
            Ok(record) if !permission.permit().allows(&record.op.on) => ErrorCode::NoConsent,
            Ok(record) => {
                sorted.taken.push(record);
                continue;
            }
            Err(BadOp::TooLarge) => ErrorCode::TooLarge,
            Err(BadOp::NotJson | BadOp::Field(_)) => ErrorCode::Malformed,
        };
        let id = readable_id(raw).unwrap_or_else(|| format!("#{place}"));
        sorted.refused.push(RefusedOp { id, reason });
    }
    sorted
}

/// A phone writes the young person's fields, and brings back what adults have written on theirs.
fn is_for_a_phone(record: &Record) -> bool {
    let op = &record.op;
    match Author::from_name(&op.by) {
        Some(Author::Young) => right(Author::Young, &op.on, &op.field) != Right::Never,
        Some(author) => right(author, &op.on, &op.field) == Right::Writes,
        None => false,
    }
}

fn readable_id(raw: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Identity {
        id: String,
    }
    let Identity { id } = serde_json::from_str(raw).ok()?;
    id.parse::<OpId>().ok().map(|id| id.to_string())
}
