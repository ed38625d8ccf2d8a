//! Films that are saved on the phone: whole or not at all, without the server, and in every tab.

use anyhow::{Context, Result, bail, ensure};
use protocol::films::FilmView;
use serde_json::{Value, json};

use super::films::{begin, check_silence, go, moves, open, place, saved_files, seek};
use super::storage::{FULL, fill, make_room};
use crate::browser::Browser;
use crate::driver::{Engine, Storage};
use crate::films;
use crate::proxy::Network;
use crate::world::World;
use crate::young::Young;

const BROKEN: &str = "Filmen kan ikke ses lige nu.";
const NOT_HERE: &str = "Vi kan ikke hente filmene lige nu.";
const REMOVE: &str = "Fjern fra telefonen";
const SAVE: &str = "Gem til brug uden net";
/// Saved, it is there without the server; what is not says so.
pub fn saved(engine: Engine) -> Result<()> {
    let all = films::list()?;
    let film = films::first()?;
    let mut world = World::new(engine)?;
    let young = open(&world, Storage::Ordinary)?;
    let browser = &young.browser;
    go(&young, &film)?;
    save_and_leave(&world, &young, &film)?;
    let mut files: Vec<String> = film.list_files().iter().map(|file| format!("/films/{file}")).collect();
    files.push("/films/films.json".to_owned());
    files.sort();
    let kept = saved_files(browser)?;
    ensure!(kept == files, "saved are {kept:?}");

    world.go_offline()?;
    browser.reload()?;
    browser.click_text("1")?;
    begin(browser)?;
    seek(browser, film.seconds / 2.0)?;
    browser.wait_until("a caption", "return document.querySelector('video').textTracks[0].cues?.length > 0")?;
    check_ranges(browser, &film)?;

    young.tap("/film")?;
    browser.wait_for_text(NOT_HERE)?;
    let shown = browser.execute("return document.querySelectorAll('.films li').length", &[])?;
    ensure!(shown == 1, "{shown} films are shown without a network");
    if let Some(other) = all.get(1) {
        missing(&mut world, &young, other)?;
    } else {
        world.go_online()?;
    }

    young.goto("/film")?;
    browser.find_text(&film.title.da)?;
    if all.len() > 1 {
        browser.click_text("Gem alle til brug uden net")?;
    }
    browser.find_text("Fjern alle fra telefonen")?;
    let everything = |files: &[String]| all.iter().all(|film| files.contains(&format!("/films/{}.mp4", film.name)));
    let whole = crate::process::wait(crate::browser::TIMEOUT, || Ok(everything(&saved_files(browser)?)))?;
    ensure!(whole, "saved are {:?}", saved_files(browser)?);
    browser.wait_for_text("På din telefon")?;
    young.tap(&place(&film))?;
    browser.click_text(REMOVE)?;
    browser.find_text(SAVE)?;
    let kept = saved_files(browser)?;
    ensure!(!kept.iter().any(|file| file.contains(&film.name)), "removed, and there is {kept:?}");
    young.tap("/film")?;
    if all.len() > 1 {
        browser.click_text("Fjern alle fra telefonen")?;
    }
    browser.find_text("Gem alle til brug uden net")?;
    browser.wait_until("no tick", "return !document.querySelector('.films .film-is')")?;

    world.go_offline()?;
    browser.reload()?;
    browser.wait_for_text(NOT_HERE)?;
    ensure!(!browser.has(".films li")?, "a film is shown that cannot be had");
    world.go_online()?;
    browser.click_if_there("Prøv igen")?;
    browser.wait_for_text(&film.title.da)?;
    check_silence(&world, &film)?;
    young.browser.close()
}

/// Saving goes on while other pages are looked at, and those that have to do with it say so.
fn save_and_leave(world: &World, young: &Young, film: &FilmView) -> Result<()> {
    let browser = &young.browser;
    world.proxy.disturb(&format!("/films/{}.mp4", film.name), Network::Hangs);
    browser.click_text(SAVE)?;
    browser.find("progress")?;
    young.tap("/film")?;
    browser.find(".films")?;
    browser.find("progress")?;
    young.tap(&place(film))?;
    browser.find("video")?;
    browser.find("progress")?;
    world.proxy.calm();
    browser.find_text(REMOVE)?;
    ensure!(!browser.has("progress")?, "it is saved, and being saved");
    Ok(())
}

/// A film that is not saved, and no network: the text is there, and the film when there is one again.
fn missing(world: &mut World, young: &Young, film: &FilmView) -> Result<()> {
    young.goto(&place(film))?;
    let browser = &young.browser;
    browser.click_text("1")?;
    browser.execute("document.querySelector('video').play().catch(() => {})", &[])?;
    browser.wait_for_text(BROKEN)?;
    browser.wait_until("the text", "return document.querySelector('.film-text').open")?;
    let line = film.transcript.da.lines().next().context("a film without a text")?;
    browser.wait_for_text(line)?;
    world.go_online()?;
    browser.click_text("Prøv igen")?;
    moves(browser)?;
    ensure!(!browser.text()?.contains(BROKEN), "it plays, and it is said that it does not");
    Ok(())
}

/// What the service worker answers to a part of what is saved.
fn check_ranges(browser: &Browser, film: &FilmView) -> Result<()> {
    let script = "const [path, range, done] = arguments;
        fetch(path, { headers: range ? { range } : {} })
          .then(async (answer) => done([answer.status, answer.headers.get('content-range'), (await answer.blob()).size]))
          .catch((error) => done(String(error)));";
    let bytes = film.bytes;
    let last = bytes - 1;
    for (range, answer) in [
        ("", json!([200, Value::Null, bytes])),
        ("bytes=10-19", json!([206, format!("bytes 10-19/{bytes}"), 10])),
        ("bytes=0-", json!([206, format!("bytes 0-{last}/{bytes}"), bytes])),
        ("bytes=-5", json!([206, format!("bytes {}-{last}/{bytes}", bytes - 5), 5])),
        ("bytes=5-2", json!([200, Value::Null, bytes])),
        (&format!("bytes={bytes}-"), json!([416, format!("bytes */{bytes}"), 0])),
    ] {
        let path = format!("/films/{}.mp4", film.name);
        let said = browser.execute_async(script, &[json!(path), json!(range)])?;
        ensure!(said == answer, "{range} is answered with {said}");
    }
    Ok(())
}

/// A phone that has no room says so and keeps what it has; with room again it saves.
pub fn full(engine: Engine) -> Result<()> {
    const WORDS: &str = "Skrevet før";
    let film = films::first()?;
    let world = World::new(engine)?;
    let young = open(&world, Storage::Small)?;
    young.write_all("/plan/g_tegn", &[WORDS])?;
    // Chromium remembers for a while how much room there was when it last looked.
    young.browser.close()?;
    let young = open(&world, Storage::Small)?;
    go(&young, &film)?;
    fill(&world, &young)?;
    young.browser.click_text(SAVE)?;
    young.browser.wait_for_text(FULL)?;
    let kept = saved_files(&young.browser)?;
    ensure!(!kept.iter().any(|file| file.contains(&film.name)), "half a film stays: {kept:?}");
    young.goto("/plan")?;
    young.browser.wait_for_text(WORDS)?;
    make_room(&world, &young)?;
    go(&young, &film)?;
    young.browser.click_text(SAVE)?;
    young.browser.find_text(REMOVE)?;
    young.browser.close()
}

/// What the server changes or takes off its list is kept no more, and half a film is none.
pub fn tidied(engine: Engine) -> Result<()> {
    let all = films::list()?;
    let [first, second, ..] = &all[..] else { bail!("there are {} films", all.len()) };
    let world = World::new(engine)?;
    let young = open(&world, Storage::Ordinary)?;
    let browser = &young.browser;
    for film in [first, second] {
        young.goto(&place(film))?;
        browser.click_text(SAVE)?;
        browser.find_text(REMOVE)?;
    }
    // As if the first were another by now, and a third had been taken off the list; and a tab closed in the middle.
    let script = "const [first, third, done] = arguments;
        caches.open('min-plan-films').then(async (cache) => {
          await cache.put(first, new Response('x', { headers: { 'content-length': '1' } }));
          await cache.put('/films/gone.mp4', new Response('x', { headers: { 'content-length': '1' } }));
          await cache.put(third, new Response('WEBVTT'));
        }).then(() => done(null), (error) => done(String(error)));";
    let [film, half] = [format!("/films/{}.mp4", first.name), format!("/films/{}.da.vtt", all[all.len() - 1].name)];
    let wrong = browser.execute_async(script, &[json!(film), json!(half)])?;
    ensure!(wrong.is_null(), "{wrong}");
    young.goto("/film")?;
    browser.wait_for_text("På din telefon")?;
    let mut files: Vec<String> = second.list_files().iter().map(|file| format!("/films/{file}")).collect();
    files.push("/films/films.json".to_owned());
    files.sort();
    let kept = saved_files(browser)?;
    ensure!(kept == files, "kept are {kept:?}");
    young.goto(&place(first))?;
    browser.find_text(SAVE)?;
    alone(&young, first)?;
    not_waited_for(&world, &young, second)?;
    taken_back_and_asked_again(&world, &young, &all)?;
    young.browser.close()
}

/// What is taken back while it is on its way, and asked for again, is fetched once and not by two at a time.
fn taken_back_and_asked_again(world: &World, young: &Young, all: &[FilmView]) -> Result<()> {
    let browser = &young.browser;
    let next = format!("/films/{}.mp4", all[2].name);
    world.proxy.disturb(&next, Network::Hangs);
    browser.click_text("Gem alle til brug uden net")?;
    browser.find("progress")?;
    browser.click_text("Fjern alle fra telefonen")?;
    browser.wait_until("nothing to be on its way", "return !document.querySelector('progress')")?;
    let before = world.proxy.recorded().len();
    browser.click_text("Gem alle til brug uden net")?;
    world.proxy.calm();
    let ticks = format!("return document.querySelectorAll('.film-is').length === {}", all.len());
    browser.wait_until("all to be saved", &ticks)?;
    for film in all {
        let file = format!("/films/{}.mp4", film.name);
        let times = world.proxy.recorded()[before..].iter().filter(|request| request.path == file).count();
        ensure!(times == 1, "{file} was fetched {times} times");
    }
    Ok(())
}

/// While another tab changes what is kept, this one does not.
fn alone(young: &Young, film: &FilmView) -> Result<()> {
    let browser = &young.browser;
    let hold = "const done = arguments[arguments.length - 1];
        navigator.locks.request('min-plan-films', () => new Promise((free) => { window.free = free; done(null); }));";
    browser.execute_async(hold, &[])?;
    browser.click_text(SAVE)?;
    let waits = "const done = arguments[arguments.length - 1];
        const ask = () => navigator.locks.query().then(({ pending }) =>
          pending.some((lock) => lock.name === 'min-plan-films') ? done(true) : setTimeout(ask, 20)); ask();";
    browser.execute_async(waits, &[])?;
    let kept = saved_files(browser)?;
    ensure!(!kept.iter().any(|file| file.contains(&film.name)), "kept beside another tab: {kept:?}");
    browser.execute("window.free()", &[])?;
    browser.find_text(REMOVE).map(drop)
}

/// A server that does not answer keeps nobody from what is saved; when it answers, it is heard.
fn not_waited_for(world: &World, young: &Young, film: &FilmView) -> Result<()> {
    const NEW_LIST: &str = "return !document.body.innerText.includes('Vi kan ikke hente filmene lige nu.')";
    let browser = &young.browser;
    world.proxy.disturb("/films/films.json", Network::Hangs);
    young.tap("/film")?;
    browser.wait_for_text(NOT_HERE)?;
    browser.wait_for_text(&film.title.da)?;
    world.proxy.calm();
    browser.wait_until("the list of the server", NEW_LIST).map(drop)
}
