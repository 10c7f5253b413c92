//! The shapes of requests and answers: the only serde types of the API.

pub mod alias;
pub mod boundary;
pub mod category;
pub mod crs;
pub mod division;
pub mod geocode;
pub mod geocode_ask;
pub mod geocode_job;
pub mod geocoded;
pub mod health;
pub mod incident;
pub mod locate;
pub mod map;
pub mod place;
pub mod problem;
pub mod reason;
pub mod report;
pub mod reverse;
pub mod suggest;
pub mod wall;
