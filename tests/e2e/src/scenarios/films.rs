//! Short films: they play when somebody wants it, with captions, at another speed, from the middle, without a network when they are
//! saved; and nobody is told who has seen what.

use anyhow::{Result, ensure};
use plan::template::AGENDA;
use protocol::films::FilmView;
use serde_json::json;

use super::keyboard::{DOWN, ENTER, SPACE, go_where, press};
use crate::browser::Browser;
use crate::driver::{Engine, Storage};
use crate::films;
use crate::shots::{set_language, set_screen};
use crate::world::World;
use crate::young::{Young, wait_for_worker};

const TALK: &str = "Det vil jeg tale om";
const SEEN: &str = "[...document.querySelectorAll('.films li')].map((it) => it.innerText.includes('Set'))";

pub(super) fn place(film: &FilmView) -> String {
    format!("/film/{}", film.name)
}

pub(super) fn open(world: &World, storage: Storage) -> Result<Young> {
    let browser = if storage == Storage::Small { world.open_small()? } else { world.open()? };
    let young = Young::new(browser, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan")?;
    wait_for_worker(&young.browser)?;
    Ok(young)
}

/// The way that one finds it.
pub(super) fn go(young: &Young, film: &FilmView) -> Result<()> {
    young.tap("/moede")?;
    young.tap("/film")?;
    young.tap(&place(film))?;
    young.browser.find("video").map(drop)
}

/// Begins to play, as the button of the browser's controls does: a tap elsewhere on the page has come before.
pub(super) fn begin(browser: &Browser) -> Result<()> {
    let script = "const done = arguments[arguments.length - 1];
        document.querySelector('video').play().then(() => done(null), (error) => done(String(error)));";
    let wrong = browser.execute_async(script, &[])?;
    ensure!(wrong.is_null(), "the film does not play: {wrong}");
    moves(browser)
}

pub(super) fn moves(browser: &Browser) -> Result<()> {
    let script = "const video = document.querySelector('video');
        window.from ??= video.currentTime; if (video.currentTime - window.from < 0.3) return false;
        window.from = undefined; return true;";
    browser.wait_until("the film to go on", script).map(drop)
}

/// Goes to a second of it, and gives where it is then.
pub(super) fn seek(browser: &Browser, seconds: f64) -> Result<()> {
    let script = "document.querySelector('video').currentTime = arguments[0]";
    browser.execute(script, &[json!(seconds)])?;
    let there = format!(
        "const video = document.querySelector('video');
         return !video.seeking && video.readyState >= 2 && video.currentTime >= {} && video.currentTime < {}",
        seconds - 0.5,
        seconds + 5.0
    );
    browser.wait_until("the film at that second", &there).map(drop)
}

/// It is shown between the title and the bar, with all of its controls.
fn check_place(browser: &Browser) -> Result<()> {
    let script = "const video = document.querySelector('video'); 
        const title = document.querySelector('.top');
        scrollBy(0, video.getBoundingClientRect().top - title.getBoundingClientRect().bottom);
        const [film, top, bar] = [video, document.querySelector('.top'), document.querySelector('.bar')]
          .map((it) => it.getBoundingClientRect());
        return film.width >= 120 && film.top >= top.bottom - 1 && film.bottom <= Math.min(bar.top, innerHeight) + 1
          && document.documentElement.scrollWidth <= innerWidth
          ? null : `${film.width} wide, ${film.top} to ${film.bottom}, between ${top.bottom} and ${bar.top} of ${innerHeight}`";
    let wrong = browser.execute(script, &[])?;
    ensure!(wrong.is_null(), "the film is not in its place: {wrong}");
    Ok(())
}

/// What is saved of films, by its address.
pub(super) fn saved_files(browser: &Browser) -> Result<Vec<String>> {
    let script = "const done = arguments[arguments.length - 1];
        caches.has('min-plan-films').then((has) => (has ? caches.open('min-plan-films').then((it) => it.keys()) : []))
          .then((all) => done(all.map((request) => new URL(request.url).pathname).sort()));";
    Ok(serde_json::from_value(browser.execute_async(script, &[])?)?)
}

/// From the list to the end of a film; and what the server has been asked.
pub fn play(engine: Engine) -> Result<()> {
    let all = films::list()?;
    let film = films::first()?;
    let world = World::new(engine)?;
    let young = open(&world, Storage::Ordinary)?;
    let browser = &young.browser;
    let early = world.proxy.recorded();
    let early = early.iter().find(|request| request.path.starts_with("/films/"));
    ensure!(early.is_none(), "a first visit asks for films: {early:?}");

    young.tap("/moede")?;
    young.tap("/film")?;
    browser
        .wait_until("the list", &format!("return document.querySelectorAll('.films li').length === {}", all.len()))?;
    let seconds = film.seconds.round() as u64;
    browser.wait_for_text(&format!("{}:{:02} min", seconds / 60, seconds % 60))?;
    browser.wait_until("the poster", "return document.querySelector('.films img').naturalWidth > 0")?;
    ensure!(saved_files(browser)?.is_empty(), "something was saved by itself");

    young.tap(&place(&film))?;
    browser.find("video")?;
    let rests = browser.execute("const it = document.querySelector('video'); return it.paused && !it.autoplay", &[])?;
    ensure!(rests == true, "the film begins by itself");
    let fetched = world.proxy.recorded().iter().any(|request| request.path.ends_with(".mp4"));
    ensure!(!fetched, "the film is fetched before anybody wants to see it");
    check_place(browser)?;

    browser.click_text("1,5")?;
    begin(browser)?;
    let speed = browser.execute("return document.querySelector('video').playbackRate", &[])?;
    ensure!(speed == 1.5, "it plays {speed} times as fast");
    seek(browser, film.seconds / 2.0)?;
    captions(browser)?;

    seek(browser, film.seconds - 1.0)?;
    // It may have come to its end by itself already.
    browser.execute("const it = document.querySelector('video'); if (!it.ended) it.play()", &[])?;
    browser.wait_until("the end", "return document.querySelector('video').ended")?;
    let seen: Vec<bool> = all.iter().map(|it| it.name == film.name).collect();
    let is_seen = format!("return JSON.stringify({SEEN}) === {}", json!(serde_json::to_string(&seen)?));
    young.tap("/film")?;
    browser.wait_until("the film that was seen", &is_seen)?;
    browser.reload()?;
    browser.wait_until("the film that was seen, after a new start", &is_seen)?;
    check_silence(&world, &film)?;
    young.browser.close()
}

/// Those of the app's language are shown, and others when it is another.
fn captions(browser: &Browser) -> Result<()> {
    let modes =
        "Object.fromEntries([...document.querySelector('video').textTracks].map((it) => [it.language, it.mode]))";
    let are = |danish: &str, english: &str| {
        format!("const modes = {modes}; return modes.da === '{danish}' && modes.en === '{english}'")
    };
    browser.wait_until("the Danish captions", &are("showing", "disabled"))?;
    let line = "const video = document.querySelector('video'); video.pause();
        const track = [...video.textTracks].find((it) => it.mode === 'showing'); const first = track.cues?.[0];
        if (!first) return null;
        if (track.activeCues?.length) return track.activeCues[0].text;
        video.currentTime = (first.startTime + first.endTime) / 2; return null;";
    let danish = browser.wait_until("a line of them", line)?;
    set_language(browser, "en")?;
    browser.wait_until("the English captions", &are("disabled", "showing"))?;
    let english = browser.wait_until("a line of these", line)?;
    ensure!(danish != english, "the captions are the same in both languages: {danish}");
    // Whoever has put them away does not get them back with another language.
    browser.execute("for (const it of document.querySelector('video').textTracks) it.mode = 'disabled'", &[])?;
    set_language(browser, "da")?;
    browser.wait_until("no captions", &are("disabled", "disabled"))?;
    Ok(())
}

/// The files of films are asked for, and nothing else is said about them.
pub(super) fn check_silence(world: &World, film: &FilmView) -> Result<()> {
    for request in world.proxy.recorded() {
        let is_file = request.path.starts_with("/films/") && !request.path.contains('?');
        let is_plain = is_file && request.method == "GET" && request.body.is_empty();
        ensure!(is_plain || !request.holds(&film.name), "{} {} says what is watched", request.method, request.path);
        ensure!(!request.path.starts_with("/film/"), "the server is told of the page {}", request.path);
    }
    Ok(())
}

/// What it is about goes on the agenda, can be changed there, and can be undone.
pub fn point(engine: Engine) -> Result<()> {
    const OTHER: &str = "Det, jeg selv vil sige";
    let film = films::first()?;
    let world = World::new(engine)?;
    let young = open(&world, Storage::Ordinary)?;
    let browser = &young.browser;
    go(&young, &film)?;
    browser.click_text(TALK)?;
    browser.wait_for_text("Er på dagsordenen")?;
    young.tap(&format!("/moede/{AGENDA}"))?;
    young.wait_for_sheet()?;
    young.wait_for_entries(&[&film.idea.da])?;
    young.edit(&film.idea.da, OTHER)?;
    young.wait_for_saved()?;
    young.close_sheet()?;

    go(&young, &film)?;
    browser.click_text(TALK)?;
    browser.click_text("Fortryd")?;
    browser.find_text(TALK)?;
    young.tap("/moede")?;
    browser.wait_for_text(OTHER)?;
    let points = browser.execute("return document.querySelectorAll('.point').length", &[])?;
    ensure!(points == 1, "{points} points on the agenda after it was undone");

    // With more than one meeting it is said which.
    browser.click_text("Lav et møde mere")?;
    browser.click_text("Hurtigt møde")?;
    browser.wait_for_text("Slet det her møde")?;
    go(&young, &film)?;
    browser.find_text(&format!("{TALK}: Mit Møde"))?;
    // However often it is tapped before the page has changed.
    let thrice = format!(
        "const tool = [...document.querySelectorAll('button')].find((it) => it.innerText.includes('{TALK}: Hurtigt'));
         for (let tap = 0; tap < 3; tap++) tool.click();"
    );
    browser.execute(&thrice, &[])?;
    browser.click_text("Se og ret punktet")?;
    young.wait_for_sheet()?;
    young.wait_for_entries(&[&film.idea.da])?;
    young.browser.close()
}

/// Without a finger: there, play, speed, the text, the point.
pub fn keyboard(engine: Engine) -> Result<()> {
    let film = films::first()?;
    let world = World::new(engine)?;
    let young = open(&world, Storage::Ordinary)?;
    let browser = &young.browser;
    young.goto("/moede")?;
    browser.wait_for_text("Se film om mødet")?;
    press(browser, "Se film om mødet", ENTER)?;
    browser.wait_for_text(&film.title.da)?;
    go_where(browser, &format!("a[href='{}']", place(&film)))?;
    browser.keys(ENTER)?;
    browser.find("video")?;
    go_where(browser, "video")?;
    browser.keys(SPACE)?;
    moves(browser)?;
    go_where(browser, "input[name=film-speed]")?;
    browser.keys(DOWN)?;
    browser.wait_until("another speed", "return document.querySelector('video').playbackRate === 1.25")?;
    press(browser, "Læs filmen", ENTER)?;
    browser.wait_until("the text", "return document.querySelector('.film-text').open")?;
    press(browser, TALK, ENTER)?;
    browser
        .wait_until("the focus on the way to the point", "return document.activeElement?.matches('.film-talk a')")?;
    young.browser.close()
}

/// Where nothing is to move, the picture and the text come first; and the film has its place on every phone.
pub fn still(engine: Engine) -> Result<()> {
    let film = films::first()?;
    let world = World::new(engine)?;
    let young = open(&world, Storage::Ordinary)?;
    let browser = &young.browser;
    set_screen(browser, 390, 844, "light")?;
    young.tap("/moede")?;
    young.tap("/film")?;
    young.tap(&place(&film))?;
    browser.find(".film-poster")?;
    ensure!(!browser.has("video")?, "the film is there before anybody wants it");
    browser.wait_until("the text", "return document.querySelector('.film-text').open")?;
    browser.click_text("Vis filmen")?;
    let below =
        "const [text, film] = ['.film-text', 'video'].map((it) => document.querySelector(it).getBoundingClientRect());
        return film.top >= text.bottom";
    browser.wait_until("the film below the text", below)?;
    browser.wait_until("the focus on it", "return document.activeElement?.localName === 'video'")?;
    for (width, height) in [(390, 844), (320, 568), (844, 390), (568, 320)] {
        set_screen(browser, width, height, "light")?;
        check_place(browser)?;
    }
    young.browser.close()
}
