//! An organisation's own films: beside ours and in their place, and what is said of one that is not right.

use crate::process;
use crate::shelf::*;
use crate::world::*;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

async fn names(client: &mut Client) -> Vec<String> {
    let list: Value = get(client, "/films/films.json").await.ok();
    list["films"].as_array().unwrap().iter().map(|film| film["name"].as_str().unwrap().to_owned()).collect()
}

/// README.md says how such a folder is made.
#[test]
fn the_example_for_organisations_is_one_that_plays() {
    let mut shelf = Shelf::new();
    let readme = include_str!("../../../../README.md");
    let (_, rest) = readme.split_once("```json\n").unwrap();
    let list: Value = serde_json::from_str(rest.split_once("```").unwrap().0).unwrap();
    shelf.film("hos-os", GOOD);
    shelf.films = list["films"].as_array().unwrap().clone();
    shelf.instead = list["instead"].as_bool().unwrap();
    let folder = shelf.read();
    assert_eq!((folder.films.len(), folder.left_out), (1, Vec::new()));
}

#[test]
fn what_is_asked_of_others_holds_for_ours() {
    let mut shelf = Shelf::new();
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public/films");
    for entry in fs::read_dir(&public).unwrap() {
        let from = entry.unwrap().path();
        fs::copy(&from, shelf.path().join(from.file_name().unwrap())).unwrap();
    }
    let list: Value = serde_json::from_slice(&fs::read(public.join("films.json")).unwrap()).unwrap();
    let films = list["films"].as_array().unwrap();
    shelf.films = films.clone();
    for film in &mut shelf.films {
        // What the server counts itself.
        ["seconds", "bytes"].iter().for_each(|field| drop(film.as_object_mut().unwrap().remove(*field).unwrap()));
    }
    let folder = shelf.read();
    assert_eq!((folder.films.len(), folder.left_out), (films.len(), Vec::new()));
    for (film, ours) in folder.films.iter().zip(films) {
        let counted = serde_json::to_value(&film.listed).unwrap();
        for field in ["name", "title", "about", "idea", "bytes", "transcript"] {
            assert_eq!(counted[field], ours[field], "{}", film.listed.name);
        }
        let seconds = counted["seconds"].as_f64().unwrap() - ours["seconds"].as_f64().unwrap();
        assert!(seconds.abs() <= 1.0, "{}", film.listed.name);
    }
}

#[tokio::test]
async fn an_organisations_films_stand_beside_ours() {
    let mut shelf = Shelf::new();
    shelf.film("hos-os", GOOD);
    let english = shelf.film("paa-engelsk", GOOD);
    english["title"]["en"] = "At ours".into();
    shelf.put("paa-engelsk.en.vtt", CAPTIONS);
    shelf.film("med-foto", GOOD);
    shelf.remove("med-foto.webp");
    shelf.put("med-foto.jpg", fixture!("poster.jpg"));
    // In the place of ours, which has a poster and captions of other kinds.
    let ours = shelf.film("en", GOOD);
    ours["poster"] = "en.png".into();
    ours["captions"] = json!(["da"]);
    shelf.put("en.png", fixture!("poster.png"));
    let world = shelf.world().await;
    let mut client = world.nobody();
    let list: Value = get(&mut client, "/films/films.json").await.ok();
    let described = json!({
        "name": "hos-os",
        "title": { "da": "Hos os" },
        "about": { "da": "Sådan er et møde her." },
        "idea": { "da": "Hvor vi sidder" },
        "seconds": 2.0,
        "bytes": GOOD.len(),
        "transcript": { "da": "En dør går op.\nHej. Kom ind." },
        "captions": ["da"],
    });
    let with = |name: &str, change: fn(&mut Value)| {
        let mut described = described.clone();
        described["name"] = name.into();
        change(&mut described);
        described
    };
    let films = [
        with("en", |film| film["poster"] = "en.png".into()),
        json!({ "name": "to", "seconds": 50 }),
        described.clone(),
        with("paa-engelsk", |film| {
            film["title"]["en"] = "At ours".into();
            film.as_object_mut().unwrap().remove("captions");
        }),
        with("med-foto", |film| film["poster"] = "med-foto.jpg".into()),
    ];
    assert_eq!(list, json!({ "films": films }));
    for (path, kind) in [
        ("/films/en.mp4", "video/mp4"),
        ("/films/en.png", "image/png"),
        ("/films/med-foto.jpg", "image/jpeg"),
        ("/films/hos-os.webp", "image/webp"),
        ("/films/hos-os.da.vtt", "text/vtt; charset=utf-8"),
        ("/films/paa-engelsk.en.vtt", "text/vtt; charset=utf-8"),
        ("/films/to.mp4", "video/mp4"),
    ] {
        let reply = get(&mut client, path).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, kind), "{path}");
    }
    for path in ["/films/en.webp", "/films/hos-os.en.vtt", "/films/med-foto.webp"] {
        assert_eq!(get(&mut client, path).await.status.as_u16(), 404, "{path}");
    }
    let captions = fetch(&mut client, "GET", "/films/en.da.vtt", &[("accept-encoding", "br")]).await;
    assert_eq!(captions.text(), CAPTIONS, "theirs, and not ours packed");
}

#[tokio::test]
async fn an_organisations_films_may_stand_instead_of_ours() {
    let mut shelf = Shelf::new();
    shelf.film("hos-os", GOOD);
    assert_eq!(names(&mut shelf.world().await.nobody()).await, ["en", "to", "hos-os"]);
    shelf.instead = true;
    let world = shelf.world().await;
    let mut client = world.nobody();
    assert_eq!(names(&mut client).await, ["hos-os"]);
    for (path, status) in [("/films/hos-os.mp4", 200), ("/films/en.mp4", 404), ("/films/to.webp", 404)] {
        assert_eq!(get(&mut client, path).await.status.as_u16(), status, "{path}");
    }
}

/// How long a box is that has nothing in it.
const NOTHING: &[u8] = &[0, 0, 0, 8];

/// Where the name of a box stands.
fn place(movie: &[u8], name: &[u8; 4]) -> usize {
    movie.windows(4).position(|four| four == name).unwrap()
}

/// How many boxes stand beside each other.
fn top_level(movie: &[u8]) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < movie.len() {
        at += u32::from_be_bytes(movie[at..at + 4].try_into().unwrap()) as usize;
        count += 1;
    }
    count
}

/// Its first track says of itself that it is so long.
fn with_track(movie: &[u8], seconds: f64) -> Vec<u8> {
    let mut movie = movie.to_vec();
    // After the name, the version and two times: the parts of a second, and how many of them there are.
    let at = place(&movie, b"mdhd") + 16;
    let a_second = u32::from_be_bytes(movie[at..at + 4].try_into().unwrap());
    movie[at + 4..at + 8].copy_from_slice(&((f64::from(a_second) * seconds) as u32).to_be_bytes());
    movie
}

#[tokio::test]
async fn what_is_wrong_with_a_film_is_said_and_the_others_play() {
    let mut shelf = Shelf::new();
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("film.mp4"), GOOD).unwrap();
    shelf.film("god", GOOD);
    shelf.film("tre-minutter", fixture!("180-seconds.mp4"));
    shelf.film("for-lang", fixture!("181-seconds.mp4"));
    shelf.film("uden-tekster", GOOD);
    shelf.remove("uden-tekster.da.vtt");
    shelf.film("ingen-film", b"<!doctype html>");
    shelf.film("tom", b"");
    shelf.film("udenfor", GOOD);
    shelf.remove("udenfor.mp4");
    std::os::unix::fs::symlink(outside.path().join("film.mp4"), shelf.path().join("udenfor.mp4")).unwrap();
    shelf.film("god", GOOD);
    shelf.film("sen-start", fixture!("not-faststart.mp4"));
    shelf.film("gammel", fixture!("mpeg4.mp4"));
    shelf.film("farver", fixture!("many-colours.mp4"));
    shelf.film("lyd", fixture!("sound.mp4"));
    shelf.film("halv", &GOOD[..GOOD.len() - 10]);
    let stuffing = vec![0; 20 * 1024 * 1024];
    shelf.film("for-stor", &[GOOD, &stuffing].concat());
    shelf.film("vaek", GOOD);
    ["vaek.mp4", "vaek.webp"].iter().for_each(|name| shelf.remove(name));
    shelf.film("tekster-for-sent", GOOD);
    shelf.put("tekster-for-sent.da.vtt", "WEBVTT\n\n00:00.000 --> 00:05.000\nHej.\n");
    shelf.film("tekster-paa-engelsk", GOOD);
    shelf.put("tekster-paa-engelsk.en.vtt", "Hello.");
    shelf.film("lovede-tekster", GOOD)["captions"] = json!(["da", "en"]);
    shelf.film("kun-engelsk", GOOD)["captions"] = json!(["en"]);
    shelf.film("plakat", GOOD);
    shelf.put("plakat.webp", fixture!("poster.png"));
    shelf.film("ord", GOOD)["title"]["da"] = " ".into();
    shelf.film("mange-ord", GOOD)["idea"]["en"] = "x".repeat(201).into();
    shelf.film("fremmed", GOOD)["titel"] = "Hej".into();
    shelf.film("uden-dansk", GOOD)["about"] = json!({ "en": "Hello" });
    shelf.film("Store Bogstaver", GOOD);
    shelf.films.push(json!({ "name": "../udenfor", "title": { "da": "x" }, "about": { "da": "x" },
        "idea": { "da": "x" }, "transcript": { "da": "x" } }));
    shelf.films.push(json!("god"));
    let (list_at, pictures_at) = (place(GOOD, b"moov") - 4, place(GOOD, b"mdat") - 4);
    assert!(list_at < pictures_at);
    shelf.film("uden-billeder", &[&GOOD[..pictures_at], NOTHING, b"mdat"].concat());
    let parts = |count: usize| [GOOD, &[NOTHING, b"free"].concat().repeat(count)].concat();
    shelf.film("mange-dele", &parts(1_000 - top_level(GOOD)));
    shelf.film("for-mange-dele", &parts(1_001 - top_level(GOOD)));
    shelf.film("en-time", &with_track(GOOD, 3_600.0));
    shelf.film("baglaens", GOOD)["title"]["da"] = "\u{202e}so soH".into();
    shelf.film("usynlig", GOOD)["title"]["da"] = "\u{200b}…".into();
    shelf.film("lyd-foerst", &with_track(fixture!("180-seconds.mp4"), 180.4));
    let folder = shelf.read();
    assert_eq!(
        folder.films.iter().map(|film| film.listed.name.as_str()).collect::<Vec<_>>(),
        ["god", "tre-minutter", "mange-dele", "lyd-foerst"]
    );
    let unfit = "a name has 1 to 60 of the characters a-z, 0-9 and -";
    let expected = [
        "film 3, \"for-lang\": for-lang.mp4 is 181 seconds long, and 180 is the most",
        "film 4, \"uden-tekster\": uden-tekster.da.vtt is not there",
        "film 5, \"ingen-film\": ingen-film.mp4 is not a film in MP4",
        "film 6, \"tom\": tom.mp4 is not a film in MP4",
        "film 7, \"udenfor\": udenfor.mp4 lies outside the folder",
        "film 8, \"god\": a film before it has the same name",
        "film 9, \"sen-start\": sen-start.mp4 does not begin with what a player needs first: make it again with -movflags +faststart",
        "film 10, \"gammel\": gammel.mp4 is not in H.264: make it again with -c:v libx264",
        "film 11, \"farver\": farver.mp4 has colours that many phones cannot show: make it again with -pix_fmt yuv420p",
        "film 12, \"lyd\": lyd.mp4 has no pictures",
        "film 13, \"halv\": halv.mp4 is cut off before its end",
        "film 14, \"for-stor\": for-stor.mp4 has 20973742 bytes, and 20971520 is the most",
        "film 15, \"vaek\": vaek.mp4 is not there; there is no poster vaek.* that ends in one of webp, jpg, png",
        "film 16, \"tekster-for-sent\": tekster-for-sent.da.vtt: line 3: it stands longer than the film lasts",
        "film 17, \"tekster-paa-engelsk\": tekster-paa-engelsk.en.vtt: the first line is not WEBVTT",
        "film 18, \"lovede-tekster\": lovede-tekster.en.vtt is not there",
        "film 19, \"kun-engelsk\": captions in Danish are required; kun-engelsk.en.vtt is not there",
        "film 20, \"plakat\": plakat.webp is not a picture of the kind that its name says",
        "film 21, \"ord\": its title in da must have 1 to 60 characters, and a letter or a number among them",
        "film 22, \"mange-ord\": its idea in en must have 1 to 200 characters, and a letter or a number among them",
        "film 23, \"fremmed\": in films.json: unknown field `titel`, expected one of `name`, `title`, `about`, `idea`, `transcript`, `poster`, `captions`",
        "film 24, \"uden-dansk\": in films.json: missing field `da`",
        &format!("film 25, \"Store Bogstaver\": {unfit}"),
        &format!("film 26, \"../udenfor\": {unfit}"),
        "film 27: in films.json: invalid type: string \"god\", expected struct Described",
        "film 28, \"uden-billeder\": uden-billeder.mp4 is not a film in MP4",
        "film 30, \"for-mange-dele\": for-mange-dele.mp4 is in more than 1000 parts: make it again with -movflags +faststart",
        "film 31, \"en-time\": en-time.mp4 is 3600 seconds long, and 180 is the most",
        "film 32, \"baglaens\": its title in da has a character that cannot be seen and changes how the others stand",
        "film 33, \"usynlig\": its title in da must have 1 to 60 characters, and a letter or a number among them",
    ];
    for (said, expected) in folder.left_out.iter().zip(expected) {
        assert_eq!(said, expected);
    }
    assert_eq!(folder.left_out.len(), expected.len());
    let world = World::with_films(OURS, folder).await;
    let mut client = world.nobody();
    assert_eq!(names(&mut client).await, ["en", "to", "god", "tre-minutter", "mange-dele", "lyd-foerst"]);
    assert_eq!(get(&mut client, "/films/god.mp4").await.body, GOOD);
    for path in ["/films/udenfor.mp4", "/films/for-lang.mp4", "/films/ingen-film.da.vtt", "/films/../films.json"] {
        assert_eq!(get(&mut client, path).await.status.as_u16(), 404, "{path}");
    }
}

/// A film of theirs that is left out takes nothing away.
#[tokio::test]
async fn a_film_of_ours_stays_when_theirs_of_the_same_name_is_left_out() {
    let mut shelf = Shelf::new();
    shelf.film("en", fixture!("181-seconds.mp4"));
    let world = shelf.world().await;
    assert_eq!(get(&mut world.nobody(), "/films/en.mp4").await.body, BYTES);
}

#[test]
fn the_program_says_which_films_are_left_out() {
    let (data, mut shelf) = (TempDir::new().unwrap(), Shelf::new());
    shelf.film("god", GOOD);
    shelf.film("for-lang", fixture!("181-seconds.mp4"));
    shelf.read();
    let films = shelf.path().to_str().unwrap();
    let (child, said) = process::start_with(data.path(), &["--films", films]);
    let fault = "film 2, \"for-lang\": for-lang.mp4 is 181 seconds long, and 180 is the most";
    assert!(said.contains(&"  Films of your own:       1 to play, 1 left out".to_owned()), "{said:?}");
    assert!(said.contains(&format!("  Left out:  {fault}")), "{said:?}");
    let log = process::stop(child);
    let logged = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let words = format!("a film is left out: {fault}");
    assert!(logged.into_iter().any(|line| line["fields"]["message"] == *words), "{log}");
}

#[test]
fn a_folder_or_a_list_that_cannot_be_read_does_not_start() {
    let (data, shelf) = (TempDir::new().unwrap(), Shelf::new());
    let (data, films) = (data.path().join("data"), shelf.path().to_str().unwrap());
    let missing = format!("{films}/none");
    let refused = |films: &str, words: &str| {
        let options =
            ["serve", "--trial", "--address", "127.0.0.1:0", "--data", data.to_str().unwrap(), "--films", films];
        process::refused(&options, &format!("--films {films}: {words}"));
    };
    refused(&missing, "the folder cannot be read: No such file or directory");
    refused(films, "films.json is not there");
    for (list, words) in [
        ("{\"films\":", "films.json is not a list of films: EOF while parsing a value at line 1 column 9"),
        ("{}", "films.json is not a list of films: missing field `films`"),
        ("{\"films\":[],\"insted\":true}", "films.json is not a list of films: unknown field `insted`"),
    ] {
        shelf.put("films.json", list);
        refused(films, words);
    }
    shelf.put("films.json", json!({ "films": vec![Value::Null; 51] }).to_string());
    refused(films, "films.json has 51 films, and 50 is the most");
    assert!(!data.exists(), "nothing is made before the films are looked at");
}
