//! The program itself: how it starts, what it refuses to start with, and how it stops.

use crate::world::contains;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_min-plan-server"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(arguments: &[&str]) -> Output {
    program(arguments).output().unwrap()
}

#[track_caller]
pub fn refused(arguments: &[&str], words: &str) {
    let output = run(arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(words), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Starts a trial, and waits for the line that says it is ready.
pub fn start(data: &Path) -> (Child, Value) {
    let (child, said) = start_with(data, &[]);
    (child, serde_json::from_str(said.last().unwrap()).unwrap())
}

/// The same with more options, and all that it says until then.
pub fn start_with(data: &Path, more: &[&str]) -> (Child, Vec<String>) {
    let options = ["serve", "--trial", "--address", "127.0.0.1:0", "--data", text(data)];
    let mut child = program(&[&options, more].concat()).spawn().unwrap();
    let mut said = Vec::new();
    for line in BufReader::new(child.stdout.as_mut().unwrap()).lines() {
        said.push(line.unwrap());
        if said.last().is_some_and(|line| line.starts_with('{')) {
            break;
        }
    }
    (child, said)
}

pub fn stop(mut child: Child) -> String {
    end(&mut child);
    let mut log = String::new();
    child.stderr.unwrap().read_to_string(&mut log).unwrap();
    log
}

/// Asks it to stop, and waits until it has.
pub fn end(child: &mut Child) {
    let signalled = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(signalled.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_busy_port_is_said_in_plain_words() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    refused(&["serve", "--trial", "--address", &address, "--data", text(&data)], "is in use by another program");
    assert!(!data.exists(), "nothing is made before the port is there");
}

#[test]
fn an_unsafe_setup_does_not_start() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let key = folder.path().join("master.key");
    std::fs::write(&key, [7; 32]).unwrap();
    let inside = data.join("master.key");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(&inside, [7; 32]).unwrap();
    let short = folder.path().join("short.key");
    std::fs::write(&short, [7; 31]).unwrap();
    let (data, key) = (text(&data), text(&key));
    let serve = |more: &[&'static str]| {
        let mut arguments = vec!["serve", "--data", data];
        arguments.extend(more);
        if !more.contains(&"--address") {
            arguments.extend(["--address", "127.0.0.1:0"]);
        }
        arguments.iter().map(|argument| (*argument).to_owned()).collect::<Vec<String>>()
    };
    let check = |arguments: Vec<String>, words: &str| {
        refused(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), words);
    };
    let with_key = |mut arguments: Vec<String>, key: &str| {
        arguments.extend(["--master-key-file".to_owned(), key.to_owned()]);
        arguments
    };
    check(serve(&[]), "--master-key-file is missing");
    check(with_key(serve(&[]), text(&inside)), "outside the data folder");
    check(with_key(serve(&[]), text(&short)), "32 bytes");
    check(with_key(serve(&["--public-url", "http://plan.example.dk"]), key), "must not travel unprotected");
    check(with_key(serve(&["--address", "0.0.0.0:0"]), key), "must not travel unprotected");
    check(with_key(serve(&["--public-url", "https://"]), key), "must not travel unprotected");
    check(serve(&["--trial", "--address", "0.0.0.0:0"]), "--trial is for this machine itself");
    check(serve(&["--nonsense"]), "--nonsense");
    assert!(!Path::new(data).join("min-plan.sqlite3").exists());
}

#[test]
fn a_trial_starts_stops_and_starts_again_as_it_was() {
    let folder = TempDir::new().unwrap();
    let (child, first) = start(folder.path());
    assert_eq!((&first["ready"], &first["trial"]["login"]), (&true.into(), &"sara".into()));
    for name in ["password", "other_login", "other_password", "colleague_password", "invitation"] {
        assert!(!first["trial"][name].as_str().unwrap().is_empty(), "{name}");
    }
    let mut client = std::net::TcpStream::connect(first["address"].as_str().unwrap()).unwrap();
    let secret = "GET /api/v1/devices/plantedpath?x=plantedquery HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    client.write_all(secret.as_bytes()).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");

    let log = stop(child);
    assert!(log.contains("/api/v1/devices/{id}") && log.contains("\"stopped\""), "{log}");
    let said =
        [first["trial"]["password"].as_str().unwrap(), first["trial"]["invitation"].as_str().unwrap(), "planted"];
    assert!(said.iter().all(|secret| !contains(log.as_bytes(), secret.as_bytes())), "{log}");
    for line in log.lines() {
        let _: Value = serde_json::from_str(line).expect(line);
    }
    let log_file = folder.path().join("min-plan.sqlite3-wal");
    assert!(!log_file.exists(), "everything is in the database");

    let (child, again) = start(folder.path());
    assert_eq!(again["trial"], first["trial"]);
    stop(child);
}

#[test]
fn staff_are_added_and_the_log_is_verified_from_the_command_line() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let key = folder.path().join("master.key");
    std::fs::write(&key, "07".repeat(32)).unwrap();
    let place = ["--data", text(&data), "--master-key-file", text(&key)];
    let with = |command: &str, more: &[&str]| {
        [&[command], &place[..], more].concat().iter().map(|argument| (*argument).to_owned()).collect::<Vec<_>>()
    };
    let ok = |arguments: Vec<String>| {
        let output = run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    ok(with("add-unit", &["--name", "Bostedet Lindely"]));
    let staff = ["--unit", "Bostedet Lindely", "--name", "Sara Holm", "--login", "Sara"];
    let said = ok(with("add-staff", &[&staff[..], &["--generate"]].concat()));
    assert!(said.contains("added sara") && said.contains("password: "), "{said}");
    let again = with("add-staff", &[&staff[..], &["--generate"]].concat());
    refused(&again.iter().map(String::as_str).collect::<Vec<_>>(), "the login is taken");
    let namesake = ["--unit", "Bostedet Lindely", "--name", "sara holm", "--login", "sara2", "--generate"];
    let namesake = with("add-staff", &namesake);
    refused(&namesake.iter().map(String::as_str).collect::<Vec<_>>(), "there is somebody of this name in the unit");
    let short = with("add-staff", &["--unit", "Bostedet Lindely", "--name", "Ib", "--login", "ib"]);
    refused(&short.iter().map(String::as_str).collect::<Vec<_>>(), "a password has 12 to 200 bytes");

    let said = ok(with("verify-audit", &[]));
    let anchor = said.lines().find_map(|line| line.strip_prefix("anchor: ")).unwrap().to_owned();
    assert!(said.contains("2 rows"), "{said}");
    ok(with("add-unit", &["--name", "BUA Aaen"]));
    ok(with("verify-audit", &["--anchor", &anchor]));
    let forged = with("verify-audit", &["--anchor", &anchor.replacen("2:", "3:", 1)]);
    refused(&forged.iter().map(String::as_str).collect::<Vec<_>>(), "has been changed");
}

/// With the time that the program gives: a byte a second would keep a connection for as long as one likes.
#[test]
fn a_connection_that_sends_its_headers_a_byte_at_a_time_is_closed_after_ten_seconds() {
    let folder = TempDir::new().unwrap();
    let (child, ready) = start(folder.path());
    let address = ready["address"].as_str().unwrap().to_owned();
    let begun = std::time::Instant::now();
    let slow: Vec<_> = (0..100)
        .map(|_| {
            let mut client = std::net::TcpStream::connect(&address).unwrap();
            client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx: ").unwrap();
            client.set_read_timeout(Some(std::time::Duration::from_secs(1))).unwrap();
            std::thread::spawn(move || {
                let closed = |error: &std::io::Error| {
                    !matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
                };
                // Waiting for an answer is the pause between two bytes.
                while begun.elapsed().as_secs() < 60 {
                    match client.read(&mut [0; 100]) {
                        Ok(0) => return begun.elapsed(),
                        Err(error) if closed(&error) => return begun.elapsed(),
                        _ if client.write_all(b"x").is_err() => return begun.elapsed(),
                        _ => {}
                    }
                }
                panic!("it is still open");
            })
        })
        .collect();
    let mut quick = std::net::TcpStream::connect(&address).unwrap();
    quick.write_all(b"GET /api/v1/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    quick.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    let answered = begun.elapsed();
    let times: Vec<_> = slow.into_iter().map(|one| one.join().unwrap()).collect();
    let (first, last) = (times.iter().min().unwrap(), times.iter().max().unwrap());
    assert!(first.as_secs() >= 9 && answered < *first, "{answered:?} {first:?}");
    println!("slow headers: 100 connections closed after {first:?} to {last:?}, others answered after {answered:?}");
    stop(child);
}
