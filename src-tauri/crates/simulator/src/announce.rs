//! Lets a simulation follow the requests one by one: each is announced before it is carried out and before it is answered, and
//! can be held or lost at either moment.

use std::fmt;
use std::sync::Arc;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::connection::Connection;
use crate::faults::drop_connection;
use crate::shared::Shared;

/// Where a request to the API stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// It has arrived; nothing was done.
    BeforeWork,
    /// Everything was done; the answer has not left.
    BeforeAnswer,
}

/// What becomes of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Onward {
    /// It goes on.
    Pass,
    /// It waits for [`crate::Handle::release_held`].
    Hold,
    /// It goes no further: its connection is dropped.
    Lose,
}

type Decide = dyn Fn(Moment, &str) -> Onward + Send + Sync;

/// Is told of each request under `/v1` with its method and route, and says what becomes of it.
#[derive(Clone)]
pub(crate) struct Watcher(Arc<Decide>);

impl Watcher {
    pub(crate) fn new(decide: impl Fn(Moment, &str) -> Onward + Send + Sync + 'static) -> Watcher {
        Watcher(Arc::new(decide))
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Watcher")
    }
}

/// Outside of everything else that may happen to a request.
pub(crate) async fn announce(
    State(shared): State<Shared>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    route: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let Some(Watcher(decide)) = shared.watcher() else {
        return next.run(request).await;
    };
    let name = format!("{} {}", request.method(), route.as_str());
    if !passes(&shared, decide(Moment::BeforeWork, &name)).await {
        return drop_connection(&connection);
    }
    let answer = next.run(request).await;
    if !passes(&shared, decide(Moment::BeforeAnswer, &name)).await {
        return drop_connection(&connection);
    }
    answer
}

async fn passes(shared: &Shared, onward: Onward) -> bool {
    match onward {
        Onward::Pass => true,
        Onward::Hold => shared.wait_for_release().await,
        Onward::Lose => false,
    }
}
