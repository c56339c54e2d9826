//! The table of routes.

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter};
use schemars::JsonSchema;
use schemars::SchemaGenerator;

use crate::node::Node;
use crate::scope::Permission;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody who reaches the port: sign-in, the node's name, health.
    Public,
    /// Whoever is signed in, whatever they may do.
    SignedIn,
    Permission(Permission),
}

/// A type's schema, made when the reference is written.
type SchemaOf = fn(&mut SchemaGenerator) -> schemars::Schema;

/// One operation of the API.
#[derive(Clone)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    /// Of the node, not of a world: who somebody is, for instance. In every other
    /// world than the real one such a path does not exist.
    pub of_node: bool,
    /// Its body is no JSON: the handler reads it piece by piece, and bounds it.
    pub streams: bool,
    /// One sentence for the reference.
    pub says: &'static str,
    pub(crate) body: Option<SchemaOf>,
    pub(crate) query: Option<SchemaOf>,
    /// Whether it also takes what a [`Paged`](super::Paged) reads.
    pub(crate) paged: bool,
    pub(crate) reply: Option<SchemaOf>,
    pub(crate) status: u16,
    pub(crate) handler: MethodRouter<Node>,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({:?})", self.method, self.path, self.access)
    }
}

/// The routes of a slice, a part, or the whole program.
///
/// `Routes::new().post("/api/warnings/{id}/issue", ISSUE, "Signs a draft …", issue)
///     .takes::<IssueWarning>().gives::<Warning>()`
#[derive(Debug, Clone, Default)]
pub struct Routes(Vec<Route>);

impl Routes {
    pub fn new() -> Routes {
        Routes::default()
    }

    pub fn get<H, T>(
        self,
        path: &'static str,
        access: impl Into<Access>,
        says: &'static str,
        handler: H,
    ) -> Routes
    where
        H: Handler<T, Node>,
        T: 'static,
    {
        self.add(Method::GET, MethodFilter::GET, path, access.into(), says, handler)
    }

    pub fn post<H, T>(
        self,
        path: &'static str,
        access: impl Into<Access>,
        says: &'static str,
        handler: H,
    ) -> Routes
    where
        H: Handler<T, Node>,
        T: 'static,
    {
        self.add(Method::POST, MethodFilter::POST, path, access.into(), says, handler)
    }

    pub fn put<H, T>(
        self,
        path: &'static str,
        access: impl Into<Access>,
        says: &'static str,
        handler: H,
    ) -> Routes
    where
        H: Handler<T, Node>,
        T: 'static,
    {
        self.add(Method::PUT, MethodFilter::PUT, path, access.into(), says, handler)
    }

    pub fn delete<H, T>(
        self,
        path: &'static str,
        access: impl Into<Access>,
        says: &'static str,
        handler: H,
    ) -> Routes
    where
        H: Handler<T, Node>,
        T: 'static,
    {
        self.add(Method::DELETE, MethodFilter::DELETE, path, access.into(), says, handler)
    }

    fn add<H, T>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        access: Access,
        says: &'static str,
        handler: H,
    ) -> Routes
    where
        H: Handler<T, Node>,
        T: 'static,
    {
        let handler = axum::routing::on(filter, handler);
        let (body, query, reply, status) = (None, None, None, 200);
        self.0.push(Route {
            method,
            path,
            access,
            of_node: false,
            streams: false,
            says,
            body,
            query,
            paged: false,
            reply,
            status,
            handler,
        });
        self
    }

    /// The JSON body of the route just named.
    pub fn takes<T: JsonSchema>(self) -> Routes {
        self.last(|route| route.body = Some(|generator| generator.subschema_for::<T>()))
    }

    /// The body of the route just named is bytes, which its handler reads piece by piece
    /// and bounds by itself. It takes no idempotency key.
    pub fn streams(self) -> Routes {
        self.last(|route| route.streams = true)
    }

    /// The query parameters of the route just named: a struct of plain fields.
    pub fn asks<T: JsonSchema>(self) -> Routes {
        self.last(|route| route.query = Some(|generator| generator.root_schema_for::<T>()))
    }

    /// The route just named lists by pages: its handler takes [`Paged`](super::Paged).
    pub fn paged(self) -> Routes {
        self.last(|route| route.paged = true)
    }

    /// What the route just named answers with 200.
    pub fn gives<T: JsonSchema>(self) -> Routes {
        self.last(|route| route.reply = Some(|generator| generator.subschema_for::<T>()))
    }

    /// What the route just named answers with 201.
    pub fn creates<T: JsonSchema>(self) -> Routes {
        self.gives::<T>().last(|route| route.status = 201)
    }

    fn last(mut self, change: impl FnOnce(&mut Route)) -> Routes {
        change(self.0.last_mut().expect("a route was named before its types"));
        self
    }

    /// Marks all of these as the node's own: not found in another world.
    pub fn of_node(mut self) -> Routes {
        for route in &mut self.0 {
            route.of_node = true;
        }
        self
    }

    pub fn merge(mut self, other: Routes) -> Routes {
        self.0.extend(other.0);
        self
    }

    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.0.iter()
    }
}

impl From<Permission> for Access {
    fn from(permission: Permission) -> Access {
        Access::Permission(permission)
    }
}
