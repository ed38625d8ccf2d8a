//! A film as it is written down: scenes, what is seen in them, and how it moves.

use crate::track::Track;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// In both languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub da: String,
    pub en: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    pub title: Words,
    /// A line below it.
    pub about: Words,
    /// What it puts on an agenda.
    pub idea: Words,
    /// The second that the poster is of.
    pub poster: f64,
    pub scene: Vec<Scene>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    pub name: String,
    pub seconds: f64,
    #[serde(default)]
    pub mood: Mood,
    /// What is seen, for who reads instead.
    pub tells: Words,
    /// What the eye is on, and how near it is: x, y, zoom.
    #[serde(default)]
    pub camera: Track,
    pub layer: Vec<Layer>,
}

/// What is held in a hand that is empty.
pub const NOTHING: &str = "nothing";

/// How a scene sounds; see `sound.rs`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    #[default]
    Warm,
    Low,
    Tense,
    Light,
}

/// A drawing in its place, from the back to the front.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Which drawing, by the name of its file.
    pub draw: String,
    #[serde(default)]
    pub at: [f64; 2],
    #[serde(default = "one")]
    pub size: f64,
    /// Looks the other way.
    #[serde(default)]
    pub flip: bool,
    /// The whole: `at`, `size`, `turn`, `opacity`. A part of the drawing: its name and one of these. A figure: `face`, `look`, `talks`,
    /// a limb's name for where its hand is, `hold-` and a limb's name for what is in it.
    #[serde(default, rename = "move")]
    pub moves: BTreeMap<String, Track>,
}

fn one() -> f64 {
    1.0
}

impl Script {
    pub fn seconds(&self) -> f64 {
        self.scene.iter().map(|scene| scene.seconds).sum()
    }

    /// Every drawing that is seen, also in a hand.
    pub fn list_drawings(&self) -> BTreeSet<&str> {
        let layers = self.scene.iter().flat_map(|scene| &scene.layer);
        let mut drawings = BTreeSet::new();
        for layer in layers {
            drawings.insert(layer.draw.as_str());
            let held = layer.moves.iter().filter(|(name, _)| name.starts_with("hold-"));
            drawings.extend(held.flat_map(|(_, track)| track.list_words()).filter(|word| *word != NOTHING));
        }
        drawings
    }

    /// The scene of a moment, and how long it has gone on.
    pub fn find(&self, second: f64) -> Option<(usize, f64)> {
        let mut began = 0.0;
        for (place, scene) in self.scene.iter().enumerate() {
            if second < began + scene.seconds || place + 1 == self.scene.len() {
                return Some((place, (second - began).min(scene.seconds)));
            }
            began += scene.seconds;
        }
        None
    }
}
