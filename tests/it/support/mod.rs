//! What tests stand on: a service on a database of its own, and a client.

mod app;
mod cards;
mod collector;
mod database;
mod node;
mod process;
mod programs;
mod provider;
mod python;
mod redis;
mod running;

pub(crate) use app::{
    Answer, PASSWORD, Session, TestApp, serve, spawn_app, spawn_app_given, spawn_app_with,
};
pub(crate) use cards::{Card, card};
pub(crate) use collector::Collector;
pub(crate) use database::{Database, database_config};
pub(crate) use node::{node, node_folder, node_program};
pub(crate) use process::Process;
pub(crate) use programs::{draw, succeed, write_description};
pub(crate) use provider::{CLIENT, Provider};
pub(crate) use python::python;
pub(crate) use redis::Redis;
pub(crate) use running::{Running, free_port};
