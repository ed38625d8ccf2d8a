//! What makes a drawing somebody: a face that changes, arms that reach, eyes that blink, and a breath.

use crate::drawing::{Instead, Node, Place, short};
use crate::script::{Layer, NOTHING};
use std::fmt::Write;

/// What a face does, each from -1 to 1 or 0 to 1.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Look {
    /// The mouth: its corners up or down, how far open, how wide.
    curve: f64,
    open: f64,
    wide: f64,
    /// The brows: up, and their inner ends up (worried) or down (cross).
    lift: f64,
    tilt: f64,
    /// The eyes: how far open, and how much they smile.
    eyes: f64,
    laugh: f64,
    warm: f64,
}

/// Every face by its name in a script.
const FACES: [(&str, Look); 12] = [
    ("calm", Look { curve: 0.25, open: 0.0, wide: 0.8, lift: 0.0, tilt: 0.0, eyes: 1.0, laugh: 0.0, warm: 0.3 }),
    ("smile", Look { curve: 0.9, open: 0.0, wide: 1.1, lift: 0.25, tilt: 0.0, eyes: 0.95, laugh: 0.0, warm: 0.7 }),
    ("glad", Look { curve: 1.0, open: 0.5, wide: 1.15, lift: 0.5, tilt: 0.1, eyes: 1.0, laugh: 1.0, warm: 1.0 }),
    ("sad", Look { curve: -0.7, open: 0.0, wide: 0.75, lift: 0.05, tilt: 0.8, eyes: 0.75, laugh: 0.0, warm: 0.2 }),
    ("worried", Look { curve: -0.35, open: 0.0, wide: 0.6, lift: 0.4, tilt: 0.9, eyes: 1.1, laugh: 0.0, warm: 0.2 }),
    ("afraid", Look { curve: -0.5, open: 0.35, wide: 0.55, lift: 0.8, tilt: 1.0, eyes: 1.3, laugh: 0.0, warm: 0.0 }),
    ("cross", Look { curve: -0.6, open: 0.0, wide: 0.8, lift: -0.3, tilt: -0.9, eyes: 0.85, laugh: 0.0, warm: 0.6 }),
    ("tired", Look { curve: -0.1, open: 0.0, wide: 0.6, lift: -0.1, tilt: 0.35, eyes: 0.45, laugh: 0.0, warm: 0.1 }),
    ("asleep", Look { curve: 0.15, open: 0.0, wide: 0.6, lift: 0.0, tilt: 0.1, eyes: 0.0, laugh: 0.0, warm: 0.5 }),
    ("surprised", Look { curve: 0.1, open: 0.6, wide: 0.5, lift: 1.0, tilt: 0.1, eyes: 1.3, laugh: 0.0, warm: 0.4 }),
    ("thinking", Look { curve: 0.0, open: 0.0, wide: 0.5, lift: 0.3, tilt: -0.2, eyes: 0.85, laugh: 0.0, warm: 0.3 }),
    ("sorry", Look { curve: -0.25, open: 0.0, wide: 0.7, lift: 0.3, tilt: 0.75, eyes: 0.8, laugh: 0.0, warm: 0.5 }),
];

/// Whether a script may name this face.
pub fn is_face(name: &str) -> bool {
    FACES.iter().any(|(known, _)| *known == name)
}

fn look_of(name: &str) -> Look {
    FACES.iter().find(|(known, _)| *known == name).map_or(FACES[0].1, |(_, look)| *look)
}

impl Look {
    fn towards(self, other: Self, share: f64) -> Self {
        let mix = |a: f64, b: f64| a + (b - a) * share;
        Self {
            curve: mix(self.curve, other.curve),
            open: mix(self.open, other.open),
            wide: mix(self.wide, other.wide),
            lift: mix(self.lift, other.lift),
            tilt: mix(self.tilt, other.tilt),
            eyes: mix(self.eyes, other.eyes),
            laugh: mix(self.laugh, other.laugh),
            warm: mix(self.warm, other.warm),
        }
    }
}

/// A number between 0 and 1 that looks like chance and is the same each time.
fn chance(seed: f64) -> f64 {
    let wave = (seed * 12.9898).sin() * 43_758.547;
    wave - wave.floor()
}

/// How a drawing stands at a moment of a scene. `held` writes what is in a hand: a drawing's name, where, and turned how.
pub struct Pose<'a> {
    pub layer: &'a Layer,
    /// Since the scene began, and since the film did: life goes on over a cut.
    pub second: f64,
    pub clock: f64,
    /// So that no two breathe and blink together.
    pub seed: f64,
    pub held: &'a dyn Fn(&str, Place) -> String,
}

impl Pose<'_> {
    fn number(&self, name: &str, rest: f64) -> f64 {
        self.layer.moves.get(name).map_or(rest, |track| track.number(self.second, rest))
    }

    fn has(&self, name: &str) -> bool {
        self.layer.moves.contains_key(name)
    }

    fn is_asleep(&self) -> bool {
        self.layer.moves.get("face").and_then(|track| track.word(self.second)) == Some("asleep")
    }

    /// 0 open, 1 shut: a blink every few seconds, not in time.
    fn blink(&self) -> f64 {
        let clock = self.clock + self.seed * 7.3;
        let round = (clock / 3.4).floor();
        let at = round * 3.4 + 0.4 + 2.4 * chance(round + self.seed);
        let distance = (clock - at).abs();
        (1.0 - distance / 0.11).clamp(0.0, 1.0)
    }

    fn face(&self, node: &Node) -> String {
        let (before, now, share) =
            self.layer.moves.get("face").and_then(|track| track.words(self.second)).unwrap_or(("calm", "calm", 1.0));
        let mut look = look_of(before).towards(look_of(now), share);
        let talks = self.number("talks", 0.0);
        if talks > 0.0 {
            let beat = (self.clock * 11.0 + self.seed).sin() * 0.5 + (self.clock * 17.3).sin() * 0.5;
            look.open = look.open.max(talks * (0.28 + 0.28 * beat));
        }
        let [x, y] = node.numbers("data-face");
        let size = node.number("data-size", 1.0);
        let ink = node.get("data-ink").unwrap_or("#000");
        let [left, up] = self.layer.moves.get("look").map_or([0.0; 2], |track| track.numbers(self.second, [0.0; 2]));
        let mut out =
            format!("<g transform=\"translate({} {})scale({})\">", short(x + left), short(y + up), short(size));
        if look.warm > 0.05 {
            let warm = node.get("data-warm").unwrap_or("#e98");
            for side in [-1.0, 1.0] {
                let _ = write!(
                    out,
                    "<ellipse cx=\"{}\" cy=\"27\" rx=\"19\" ry=\"13\" fill=\"{warm}\" opacity=\"{}\"/>",
                    short(side * 58.0 + left * 0.2),
                    short(look.warm * 0.5)
                );
            }
        }
        // The eyes go a little further than the face.
        let (further, higher) = (left * 0.22, up * 0.22);
        let shut = self.blink().max(if self.is_asleep() { 1.0 } else { 0.0 });
        for side in [-1.0, 1.0] {
            let middle = side * 37.0 + further;
            if look.laugh > 0.5 || shut > 0.6 {
                let bow = if look.laugh > 0.5 { -9.0 } else { 6.0 };
                let _ = write!(
                    out,
                    "<path d=\"M{} {}q10 {bow} 20 0\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"5.5\" stroke-linecap=\"round\"/>",
                    short(middle - 10.0),
                    short(higher + if bow < 0.0 { 4.0 } else { 0.0 })
                );
            } else {
                let _ = write!(
                    out,
                    "<ellipse cx=\"{}\" cy=\"{}\" rx=\"7.5\" ry=\"{}\" fill=\"{ink}\"/>",
                    short(middle),
                    short(higher),
                    short(10.0 * look.eyes.max(0.18) * (1.0 - shut * 0.8))
                );
            }
            let (inner, outer) = (look.tilt * -9.0 - look.lift * 9.0, look.tilt * 6.0 - look.lift * 9.0);
            let brow =
                |end: f64, height: f64| format!("{} {}", short(side * end + further), short(-27.0 + higher + height));
            let _ = write!(
                out,
                "<path d=\"M{}Q{} {}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"6\" stroke-linecap=\"round\"/>",
                brow(20.0, inner),
                brow(37.0, (inner + outer) / 2.0 - 5.0),
                brow(54.0, outer)
            );
        }
        let _ = write!(
            out,
            "<path d=\"M{} {}q5 9 -4 10\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"4.5\" stroke-linecap=\"round\" opacity=\"0.55\"/>",
            short(further * 1.6),
            short(12.0 + higher)
        );
        self.mouth(&look, further * 1.2, 54.0 + higher * 1.2, ink, &mut out);
        out.push_str("</g>");
        out
    }

    fn mouth(&self, look: &Look, x: f64, y: f64, ink: &str, out: &mut String) {
        let half = 30.0 * look.wide;
        let bow = look.curve * 19.0;
        let corners = y - look.curve * 5.0;
        let (left, right) = (short(x - half), short(x + half));
        let (corners_text, middle) = (short(corners), short(x));
        if look.open < 0.06 {
            let _ = write!(
                out,
                "<path d=\"M{left} {corners_text}Q{middle} {} {right} {corners_text}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"6\" stroke-linecap=\"round\"/>",
                short(corners + bow)
            );
            return;
        }
        let _ = write!(
            out,
            "<path d=\"M{left} {corners_text}Q{middle} {} {right} {corners_text}Q{middle} {} {left} {corners_text}z\" fill=\"#7a2f2a\" stroke=\"{ink}\" stroke-width=\"5\" stroke-linejoin=\"round\"/>",
            short(corners + bow * 0.35 - look.open * 14.0),
            short(corners + bow + look.open * 46.0)
        );
    }

    /// An arm or a leg: from where it begins, over a joint, to where its end is to be.
    fn limb(&self, node: &Node) -> String {
        let name = node.get("data-limb").unwrap_or_default();
        let [from_x, from_y] = node.numbers("data-from");
        let [upper, lower] = node.numbers("data-lengths");
        let rest: [f64; 2] = node.numbers("data-rest");
        let [mut x, mut y] = self.layer.moves.get(name).map_or(rest, |track| track.numbers(self.second, rest));
        // Nobody keeps a hand as still as a picture.
        x += (self.clock * 1.3 + self.seed * 5.0).sin() * 1.6;
        y += (self.clock * 1.7 + self.seed * 3.0).cos() * 1.6;
        let (dx, dy) = (x - from_x, y - from_y);
        let distance = dx.hypot(dy).max(1.0);
        let reach = (upper + lower) * 0.998;
        if distance > reach {
            (x, y) = (from_x + dx / distance * reach, from_y + dy / distance * reach);
        }
        let (dx, dy, distance) = (x - from_x, y - from_y, distance.min(reach).max((upper - lower).abs() + 1.0));
        // By the law of cosines.
        let along = (upper * upper - lower * lower + distance * distance) / (2.0 * distance);
        let aside = (upper * upper - along * along).max(0.0).sqrt();
        let (unit_x, unit_y) = (dx / distance, dy / distance);
        // An elbow points away from the body, and down.
        let bend = match node.number("data-bend", 0.0) {
            0.0 => ((-unit_y * from_x.signum() + unit_x * 0.6) * aside / 30.0).clamp(-1.0, 1.0),
            fixed => fixed,
        };
        let aside = aside * bend;
        let (joint_x, joint_y) = (from_x + unit_x * along - unit_y * aside, from_y + unit_y * along + unit_x * aside);
        let width = node.number("data-width", 40.0);
        let (sleeve, skin) = (node.get("data-sleeve").unwrap_or("#888"), node.get("data-skin").unwrap_or("#fff"));
        // The sleeve ends a little before the hand does.
        let (cuff_x, cuff_y) = (joint_x + (x - joint_x) * 0.82, joint_y + (y - joint_y) * 0.82);
        let mut out = String::from("<g fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\">");
        let _ = write!(
            out,
            "<path d=\"M{} {}L{} {}\" stroke=\"{skin}\" stroke-width=\"{}\"/>",
            short(cuff_x),
            short(cuff_y),
            short(x),
            short(y),
            short(width * 0.62)
        );
        let _ = write!(
            out,
            "<path d=\"M{} {}Q{} {} {} {}\" stroke=\"{sleeve}\" stroke-width=\"{}\"/></g>",
            short(from_x),
            short(from_y),
            // A bow that goes past the joint looks like cloth, not like a hinge.
            short(joint_x * 1.35 - (from_x + cuff_x) * 0.175),
            short(joint_y * 1.35 - (from_y + cuff_y) * 0.175),
            short(cuff_x),
            short(cuff_y),
            short(width)
        );
        if let Some(held) = self.layer.moves.get(&format!("hold-{name}")).and_then(|track| track.word(self.second)) {
            let turn = self.number(&format!("hold-{name}.turn"), 0.0);
            let size = self.number(&format!("hold-{name}.size"), 1.0);
            let place = Place { x, y, turn, wide: size, high: size, opacity: 1.0 };
            if held != NOTHING {
                out.push_str(&(self.held)(held, place));
            }
        }
        self.hand(node, [x, y], [joint_x, joint_y], skin, &mut out);
        out
    }

    fn hand(&self, node: &Node, at: [f64; 2], joint: [f64; 2], skin: &str, out: &mut String) {
        if let Some(shoe) = node.get("data-shoe") {
            let ahead = node.number("data-thumb", 1.0) * 14.0;
            let _ = write!(
                out,
                "<path d=\"M{} {}q0 -26 30 -26q30 0 {} 26z\" fill=\"{shoe}\"/>",
                short(at[0] - 30.0 + ahead.min(0.0)),
                short(at[1] + 22.0),
                short(30.0 + ahead.abs())
            );
            return;
        }
        let size = node.number("data-hand", 24.0);
        let angle = (at[1] - joint[1]).atan2(at[0] - joint[0]).to_degrees();
        let thumb = node.number("data-thumb", 1.0);
        let _ = write!(
            out,
            "<g transform=\"translate({} {})rotate({})\" fill=\"{skin}\"><ellipse rx=\"{}\" ry=\"{}\"/><ellipse cx=\"{}\" cy=\"{}\" rx=\"{}\" ry=\"{}\" transform=\"rotate({})\"/></g>",
            short(at[0]),
            short(at[1]),
            short(angle),
            short(size * 1.15),
            short(size * 0.92),
            short(size * 0.55),
            short(-size * 0.72 * thumb),
            short(size * 0.55),
            short(size * 0.3),
            short(-28.0 * thumb)
        );
    }
}

impl Instead for Pose<'_> {
    fn place_of(&self, part: &str) -> Option<Place> {
        let named = |what: &str| format!("{part}.{what}");
        let known = ["x", "y", "turn", "wide", "high", "size", "opacity"];
        let is_moved = known.iter().any(|what| self.has(&named(what)));
        let breath = (self.clock * 1.9 + self.seed * 4.0).sin();
        let is_alive = part == "body" || part == "head";
        if !is_moved && !is_alive {
            return None;
        }
        let size = self.number(&named("size"), 1.0);
        let mut place = Place {
            x: self.number(&named("x"), 0.0),
            y: self.number(&named("y"), 0.0),
            turn: self.number(&named("turn"), 0.0),
            wide: size * self.number(&named("wide"), 1.0),
            high: size * self.number(&named("high"), 1.0),
            opacity: self.number(&named("opacity"), 1.0),
        };
        match part {
            "body" => place.high *= 1.0 + breath * 0.006,
            "head" => {
                place.turn += (self.clock * 0.8 + self.seed * 2.0).sin() * 1.1;
                place.y -= breath * 1.4;
            }
            _ => {}
        }
        Some(place)
    }

    fn instead(&self, node: &Node) -> Option<String> {
        if node.get("data-face").is_some() {
            return Some(self.face(node));
        }
        node.get("data-limb").map(|_| self.limb(node))
    }
}
