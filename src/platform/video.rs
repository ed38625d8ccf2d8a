//! What a film on the screen is asked for that its own controls do not have.

use wasm_bindgen::JsCast;
use web_sys::{HtmlVideoElement, TextTrack, TextTrackMode};

/// Whether the phone is set to show as little movement as it can.
pub fn moves_little() -> bool {
    let asked = web_sys::window().and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok());
    asked.flatten().is_some_and(|query| query.matches())
}

fn tracks(video: &HtmlVideoElement) -> Vec<TextTrack> {
    let Some(tracks) = video.text_tracks() else { return Vec::new() };
    (0..tracks.length()).filter_map(|at| js_sys::Reflect::get_u32(&tracks, at).ok()?.dyn_into().ok()).collect()
}

/// Shows the captions of a language. Where somebody has put them away they stay away, unless `again`.
pub fn show_captions(video: &HtmlVideoElement, language: &str, again: bool) {
    let tracks = tracks(video);
    let is_shown = again || tracks.iter().any(|track| track.mode() == TextTrackMode::Showing);
    for track in tracks {
        let mode =
            if is_shown && track.language() == language { TextTrackMode::Showing } else { TextTrackMode::Disabled };
        track.set_mode(mode);
    }
}

/// Plays so many times as fast, also what is loaded after this.
pub fn set_speed(video: &HtmlVideoElement, times: f64) {
    video.set_default_playback_rate(times);
    video.set_playback_rate(times);
}

/// Seconds from the beginning.
pub fn position(video: &HtmlVideoElement) -> f64 {
    video.current_time()
}

/// Loads it once more, after it could not be had, and goes on from there.
pub fn load_again(video: &HtmlVideoElement, from: f64) {
    video.load();
    video.set_current_time(from);
    // Where it may not begin by itself, its own button does.
    let _ = video.play();
}
