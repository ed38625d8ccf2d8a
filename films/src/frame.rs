//! A moment of a film as one SVG picture.

use crate::drawing::{Node, Place, placed, read, write};
use crate::figure::{Pose, is_face};
use crate::script::{Layer, NOTHING, Scene, Script};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// What is drawn; a film is played smaller.
pub const WIDE: f64 = 1080.0;
pub const HIGH: f64 = 1920.0;

/// How long one scene goes over into the next.
const OVER: f64 = 0.5;

/// All drawings, by name.
pub struct Drawings {
    all: BTreeMap<String, Node>,
    paper: String,
}

impl Drawings {
    /// Reads `palette.toml` and every drawing beside it.
    ///
    /// # Errors
    /// When one of them cannot be read; the message names it.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let named = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let palette_file = folder.join("palette.toml");
        let palette = std::fs::read_to_string(&palette_file).map_err(|error| named(&palette_file, &error))?;
        let palette: BTreeMap<String, String> =
            toml::from_str(&palette).map_err(|error| named(&palette_file, &error))?;
        let mut all = BTreeMap::new();
        for entry in std::fs::read_dir(folder).map_err(|error| named(folder, &error))? {
            let path = entry.map_err(|error| named(folder, &error))?.path();
            if path.extension().is_some_and(|extension| extension == "svg") {
                let text = std::fs::read_to_string(&path).map_err(|error| named(&path, &error))?;
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                all.insert(name, read(&text, &palette).map_err(|error| named(&path, &error))?);
            }
        }
        let paper = palette.get("paper").cloned().unwrap_or_default();
        Ok(Self { all, paper })
    }

    /// What is wrong in a script: a drawing, a part, a limb or a face that there is not.
    pub fn list_faults(&self, script: &Script) -> Vec<String> {
        let mut faults = Vec::new();
        for scene in &script.scene {
            let at = |what: String| format!("{}: {what}", scene.name);
            if scene.camera.last_second() > scene.seconds + 0.01 {
                faults.push(at("the camera moves on after the end".into()));
            }
            for layer in &scene.layer {
                let Some(drawing) = self.all.get(&layer.draw) else {
                    faults.push(at(format!("there is no drawing {}", layer.draw)));
                    continue;
                };
                for (name, track) in &layer.moves {
                    if !self.knows(drawing, name) {
                        faults.push(at(format!("{} has nothing called {name}", layer.draw)));
                    }
                    if name == "face" {
                        faults.extend(
                            track
                                .list_words()
                                .filter(|word| !is_face(word))
                                .map(|word| at(format!("no face is {word}"))),
                        );
                    }
                    if name.starts_with("hold-") {
                        let unknown =
                            track.list_words().filter(|word| *word != NOTHING && !self.all.contains_key(*word));
                        faults.extend(unknown.map(|word| at(format!("there is no drawing {word} to hold"))));
                    }
                    if track.last_second() > scene.seconds + 0.01 {
                        faults.push(at(format!("{name} of {} moves on after the end", layer.draw)));
                    }
                }
            }
        }
        faults
    }

    fn knows(&self, drawing: &Node, name: &str) -> bool {
        let all = drawing.walk();
        let limb = |limb: &str| all.iter().any(|node| node.get("data-limb") == Some(limb));
        let has_face = || all.iter().any(|node| node.get("data-face").is_some());
        match name.split_once('.') {
            _ if name.starts_with("hold-") => {
                limb(name.trim_start_matches("hold-").trim_end_matches(".turn").trim_end_matches(".size"))
            }
            Some((part, _)) => all.iter().any(|node| node.get("id") == Some(part)),
            None => match name {
                "at" | "size" | "turn" | "opacity" => true,
                "face" | "look" | "talks" => has_face(),
                _ => limb(name),
            },
        }
    }

    /// A part of a film that is on the screen, as SVG.
    fn write_scene(&self, scene: &Scene, seed: usize, second: f64, clock: f64, opacity: f64, out: &mut String) {
        let [x, y, zoom] = scene.camera.numbers(second, [WIDE / 2.0, HIGH / 2.0, 1.0]);
        let _ = write!(
            out,
            "<g opacity=\"{opacity:.3}\"><g transform=\"translate({} {})scale({zoom:.4})translate({:.2} {:.2})\">",
            WIDE / 2.0,
            HIGH / 2.0,
            -x,
            -y
        );
        for (place, layer) in scene.layer.iter().enumerate() {
            // A figure breathes on in the next scene as it did in this one.
            let breath = layer.draw.bytes().map(f64::from).sum::<f64>() / 97.0;
            self.write_layer(layer, seed * 40 + place, breath, second, clock, out);
        }
        out.push_str("</g></g>");
    }

    fn write_layer(&self, layer: &Layer, number: usize, seed: f64, second: f64, clock: f64, out: &mut String) {
        let Some(drawing) = self.all.get(&layer.draw) else { return };
        let track = |name: &str, rest: f64| layer.moves.get(name).map_or(rest, |track| track.number(second, rest));
        let [x, y] = layer.moves.get("at").map_or(layer.at, |track| track.numbers(second, layer.at));
        let size = track("size", layer.size);
        let place = Place {
            x,
            y,
            turn: track("turn", 0.0),
            wide: if layer.flip { -size } else { size },
            high: size,
            opacity: track("opacity", 1.0),
        };
        if place.opacity <= 0.0 || size <= 0.0 {
            return;
        }
        let held = |name: &str, place: Place| {
            let mut held = String::new();
            if let Some(drawing) = self.all.get(name) {
                let nothing =
                    Layer { draw: name.to_owned(), at: [0.0; 2], size: 1.0, flip: false, moves: BTreeMap::new() };
                let pose = Pose { layer: &nothing, second, clock, seed, held: &|_, _| String::new() };
                let _ = write!(held, "<g{}>", placed(&place, [0.0; 2], None));
                drawing.children.iter().for_each(|child| write(child, number * 10 + 9, &pose, &mut held));
                held.push_str("</g>");
            }
            held
        };
        let pose = Pose { layer, second, clock, seed, held: &held };
        let _ = write!(out, "<g{}>", placed(&place, [0.0; 2], None));
        drawing.children.iter().for_each(|child| write(child, number, &pose, out));
        out.push_str("</g>");
    }

    /// The picture at a second of the film.
    pub fn draw(&self, script: &Script, second: f64) -> String {
        let paper = &self.paper;
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDE} {HIGH}\" width=\"{WIDE}\" height=\"{HIGH}\"><rect width=\"{WIDE}\" height=\"{HIGH}\" fill=\"{paper}\"/>"
        );
        if let Some((place, since)) = script.find(second) {
            let scene = &script.scene[place];
            let over = (since / OVER).min(1.0);
            // What is going is seen below what comes.
            if over < 1.0 && place > 0 {
                let before = &script.scene[place - 1];
                self.write_scene(before, place - 1, before.seconds, second, 1.0, &mut out);
                let _ =
                    write!(out, "<rect width=\"{WIDE}\" height=\"{HIGH}\" fill=\"{paper}\" opacity=\"{over:.3}\"/>");
            }
            self.write_scene(scene, place, since, second, over, &mut out);
        }
        out.push_str("</svg>");
        out
    }
}
