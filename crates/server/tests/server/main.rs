//! The server, tested from outside: over its routes, its store and its files. No network, no real clock, no waiting.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has to stop, in helpers too")]

mod audit;
mod authorisation;
mod bad_input;
mod between;
mod connections;
mod consent;
mod contract;
#[path = "../../../protocol/tests/released/conversation.rs"]
mod conversation;
mod copies;
mod desk;
mod document;
mod dump;
mod erased_of_both;
mod erased_words;
mod erasure;
mod films;
mod guests;
mod guests_end;
mod hung_up;
mod limits;
mod live;
mod meeting_words;
mod messages;
mod migration;
mod own_films;
mod process;
mod profile;
mod put_back;
mod released;
mod replay;
mod review;
mod room;
mod secret;
mod shelf;
mod stand_ins;
mod suggestions;
mod sync;
mod web;
mod words;
mod world;
