//! An organisation's own films: a folder with a list and its files, looked at once, when the server starts.
//!
//! A film that is not right is left out, and what is wrong with it is said in plain words; only a folder or a list that cannot be read at
//! all is a failure. What may be handed out is decided here and nowhere else.

mod captions;
mod manifest;
mod movie;
mod words;

use crate::failure::Failure;
use manifest::{Described, Manifest};
use protocol::films::FilmView;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek};
#[cfg(unix)]
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The list in the folder.
const LIST: &str = "films.json";
const MAX_LIST: u64 = 1024 * 1024;
/// What one organisation may have.
const MAX_FILMS: usize = 50;
/// A film has to come over a network that may be slow, to somebody who may be tired.
const MAX_MOVIE: u64 = 20 * 1024 * 1024;
/// They are kept in memory.
const MAX_POSTER: u64 = 1024 * 1024;
const MAX_CAPTIONS: u64 = 100 * 1024;

/// A poster may end in each of these, and begins with these bytes.
const POSTERS: [(&str, IsKind); 3] = [
    ("webp", |bytes| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")),
    ("jpg", |bytes| bytes.starts_with(b"\xff\xd8\xff")),
    ("png", |bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n")),
];

type IsKind = fn(&[u8]) -> bool;

/// What a folder has.
pub struct Folder {
    /// They take the place of ours, all of them.
    pub instead: bool,
    pub films: Vec<Film>,
    /// Each film that is left out, and why.
    pub left_out: Vec<String>,
}

/// A film that may be played.
pub struct Film {
    pub listed: FilmView,
    pub movie: Movie,
    /// The poster and the captions, by their names.
    pub files: Vec<(String, Vec<u8>)>,
}

/// A film's file, as it was when it was looked at. It stays on the disk.
pub struct Movie {
    path: PathBuf,
    pub length: u64,
    state: State,
    /// The SHA-256 of its bytes.
    pub digest: [u8; 32],
}

/// What tells a file from another, or from itself when it has been written to.
#[derive(PartialEq, Eq)]
struct State {
    length: u64,
    written: Option<SystemTime>,
    /// Which file it is on its disk, and when anything of it was changed: a time of writing can be set to any other, and this cannot.
    #[cfg(unix)]
    on_disk: (u64, u64, i64, i64),
}

impl From<&Metadata> for State {
    fn from(file: &Metadata) -> Self {
        Self {
            length: file.len(),
            written: file.modified().ok(),
            #[cfg(unix)]
            on_disk: (file.dev(), file.ino(), file.ctime(), file.ctime_nsec()),
        }
    }
}

impl Movie {
    /// The file, unless it is another by now: nobody has looked at that one.
    pub async fn open(&self) -> io::Result<Option<tokio::fs::File>> {
        let file = tokio::fs::File::open(&self.path).await?;
        let now = State::from(&file.metadata().await?);
        Ok((now == self.state).then_some(file))
    }
}

/// Looks at everything in a folder.
pub fn read(folder: &Path) -> Result<Folder, Failure> {
    let failure = |words: String| Failure::new(format!("--films {}: {words}", folder.display()));
    let root = folder.canonicalize().map_err(|error| failure(format!("the folder cannot be read: {error}")))?;
    let list = inside(&root, LIST).and_then(|path| bytes_of(&path, LIST, MAX_LIST)).map_err(failure)?;
    let Manifest { instead, films: described } =
        serde_json::from_slice(&list).map_err(|error| failure(format!("{LIST} is not a list of films: {error}")))?;
    if described.len() > MAX_FILMS {
        return Err(failure(format!("{LIST} has {} films, and {MAX_FILMS} is the most", described.len())));
    }
    let (mut films, mut left_out) = (Vec::<Film>::new(), Vec::new());
    for (number, described) in (1..).zip(described) {
        let name = described.get("name").and_then(Value::as_str);
        let shown = name.map_or_else(|| format!("film {number}"), |name| format!("film {number}, {name:?}"));
        match film(&root, described, &films) {
            Ok(film) => films.push(film),
            Err(faults) => left_out.push(format!("{shown}: {}", faults.join("; "))),
        }
    }
    Ok(Folder { instead, films, left_out })
}

/// One film with everything that belongs to it, or all that is wrong with it.
fn film(root: &Path, described: Value, before: &[Film]) -> Result<Film, Vec<String>> {
    let described: Described =
        serde_json::from_value(described).map_err(|error| vec![format!("in {LIST}: {error}")])?;
    // Its files are called after it, so without a name there is nothing to look at.
    described.check_name().map_err(|fault| vec![fault])?;
    let name = described.name.clone();
    let mut faults = described.faults();
    if before.iter().any(|film| film.listed.name == name) {
        faults.push("a film before it has the same name".to_owned());
    }
    let mut kept = |found: Result<_, String>| found.map_err(|fault| faults.push(fault)).ok();
    let poster = kept(poster(root, &name, described.poster.as_deref()));
    let movie = look_at(root, &format!("{name}.mp4"));
    let seconds = movie.as_ref().ok().map(|(_, seconds)| *seconds);
    let danish = kept(subtitles(root, &name, "da", seconds));
    let has_english = match &described.captions {
        Some(languages) => languages.iter().any(|language| language == "en"),
        None => root.join(format!("{name}.en.vtt")).symlink_metadata().is_ok(),
    };
    let english = has_english.then(|| kept(subtitles(root, &name, "en", seconds))).flatten();
    match movie {
        Ok((movie, seconds)) if faults.is_empty() => {
            let poster_name = poster.as_ref().map(|(name, _)| name.clone());
            let listed = described.listed(seconds.ceil(), movie.length, poster_name, english.is_some());
            Ok(Film { listed, movie, files: [poster, danish, english].into_iter().flatten().collect() })
        }
        Ok(_) => Err(faults),
        Err(fault) => Err([vec![fault], faults].concat()),
    }
}

/// The film's file and how many seconds it lasts.
fn look_at(root: &Path, name: &str) -> Result<(Movie, f64), String> {
    let path = inside(root, name)?;
    let unread = |error: io::Error| format!("{name} cannot be read: {error}");
    let mut file = File::open(&path).map_err(unread)?;
    let state = State::from(&file.metadata().map_err(unread)?);
    let length = state.length;
    if length > MAX_MOVIE {
        return Err(format!("{name} has {length} bytes, and {MAX_MOVIE} is the most"));
    }
    let seconds = movie::seconds(&mut io::BufReader::new(&file), length).map_err(|fault| format!("{name} {fault}"))?;
    file.rewind().map_err(unread)?;
    let mut digest = Sha256::new();
    io::copy(&mut file, &mut digest).map_err(unread)?;
    Ok((Movie { path, length, state, digest: digest.finalize().into() }, seconds))
}

/// The poster that the list names, or the first that is there.
fn poster(root: &Path, film: &str, named: Option<&str>) -> Result<(String, Vec<u8>), String> {
    let mut names = POSTERS.map(|(ending, is_kind)| (format!("{film}.{ending}"), is_kind)).into_iter();
    let found = match named {
        Some(named) => names.find(|(name, _)| name == named),
        None => names.find(|(name, _)| root.join(name).symlink_metadata().is_ok()),
    };
    let endings = POSTERS.map(|(ending, _)| ending).join(", ");
    let (name, is_kind) = found.ok_or_else(|| format!("there is no poster {film}.* that ends in one of {endings}"))?;
    let bytes = bytes_of(&inside(root, &name)?, &name, MAX_POSTER)?;
    if !is_kind(&bytes) {
        return Err(format!("{name} is not a picture of the kind that its name says"));
    }
    Ok((name, bytes))
}

/// The captions in a language. How long the film is, is not known of one that cannot be read.
fn subtitles(root: &Path, film: &str, language: &str, seconds: Option<f64>) -> Result<(String, Vec<u8>), String> {
    let name = format!("{film}.{language}.vtt");
    let bytes = bytes_of(&inside(root, &name)?, &name, MAX_CAPTIONS)?;
    captions::check(&bytes, seconds.unwrap_or(f64::INFINITY)).map_err(|fault| format!("{name}: {fault}"))?;
    Ok((name, bytes))
}

/// Where a file is, links followed: nothing outside of the folder is handed out.
fn inside(root: &Path, name: &str) -> Result<PathBuf, String> {
    let path = root.join(name).canonicalize().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!("{name} is not there"),
        _ => format!("{name} cannot be read: {error}"),
    })?;
    if !path.starts_with(root) {
        return Err(format!("{name} lies outside the folder"));
    }
    if !path.is_file() {
        return Err(format!("{name} is not a file"));
    }
    Ok(path)
}

fn bytes_of(path: &Path, name: &str, most: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("{name} cannot be read: {error}"))?;
    if bytes.len() as u64 > most {
        return Err(format!("{name} has more than {most} bytes"));
    }
    Ok(bytes)
}
