//! A drawing: an SVG file whose parts can be moved by their names, and whose colours come from one palette.

use std::collections::BTreeMap;
use std::fmt::Write;

/// An element of it.
#[derive(Clone, Debug)]
pub struct Node {
    pub tag: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Self>,
    pub text: String,
}

impl Node {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Numbers in an attribute; 0 for what is not there.
    pub fn numbers<const N: usize>(&self, name: &str) -> [f64; N] {
        let mut numbers = self.get(name).unwrap_or_default().split_ascii_whitespace().map(|text| text.parse().ok());
        std::array::from_fn(|_| numbers.next().flatten().unwrap_or_default())
    }

    pub fn number(&self, name: &str, otherwise: f64) -> f64 {
        self.get(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    }

    /// This and everything in it.
    pub fn walk(&self) -> Vec<&Self> {
        let mut all = vec![self];
        all.extend(self.children.iter().flat_map(Self::walk));
        all
    }
}

/// Where a part of a drawing is, beside where it was drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Place {
    pub x: f64,
    pub y: f64,
    /// Degrees, around the part's `data-pivot`.
    pub turn: f64,
    pub wide: f64,
    pub high: f64,
    pub opacity: f64,
}

impl Default for Place {
    fn default() -> Self {
        Self { x: 0.0, y: 0.0, turn: 0.0, wide: 1.0, high: 1.0, opacity: 1.0 }
    }
}

/// Reads a drawing. `$name` is a colour of the palette.
///
/// # Errors
/// When it is no SVG, or names a colour that there is not.
pub fn read(text: &str, palette: &BTreeMap<String, String>) -> Result<Node, String> {
    let mut coloured = String::with_capacity(text.len());
    let mut pieces = text.split('$');
    coloured.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let end = piece.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').unwrap_or(piece.len());
        let (name, rest) = piece.split_at(end);
        coloured.push_str(palette.get(name).ok_or_else(|| format!("there is no colour {name}"))?);
        coloured.push_str(rest);
    }
    let document = roxmltree::Document::parse(&coloured).map_err(|error| error.to_string())?;
    Ok(node_from(document.root_element()))
}

fn node_from(element: roxmltree::Node<'_, '_>) -> Node {
    Node {
        tag: element.tag_name().name().to_owned(),
        attributes: element.attributes().map(|one| (one.name().to_owned(), one.value().to_owned())).collect(),
        children: element.children().filter(roxmltree::Node::is_element).map(node_from).collect(),
        text: element.text().unwrap_or_default().trim().to_owned(),
    }
}

/// Numbers as short as they can be read: a hundredth of a point is not seen.
pub fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The attributes that put a part in its place.
pub fn placed(place: &Place, pivot: [f64; 2], before: Option<&str>) -> String {
    let [x, y] = pivot;
    let mut transform = String::new();
    if (place.x, place.y) != (0.0, 0.0) {
        let _ = write!(transform, "translate({} {})", short(place.x), short(place.y));
    }
    if place.turn != 0.0 {
        let _ = write!(transform, "rotate({} {} {})", short(place.turn), short(x), short(y));
    }
    if (place.wide, place.high) != (1.0, 1.0) {
        let (wide, high) = (format!("{:.4}", place.wide), format!("{:.4}", place.high));
        let _ = write!(
            transform,
            "translate({} {})scale({wide} {high})translate({} {})",
            short(x),
            short(y),
            short(-x),
            short(-y)
        );
    }
    transform.push_str(before.unwrap_or_default());
    let mut attributes = String::new();
    if !transform.is_empty() {
        let _ = write!(attributes, " transform=\"{transform}\"");
    }
    if place.opacity < 1.0 {
        let _ = write!(attributes, " opacity=\"{}\"", short(place.opacity.max(0.0)));
    }
    attributes
}

/// What is written in the place of an element, if it is one that is made anew for each frame.
pub trait Instead {
    fn place_of(&self, part: &str) -> Option<Place>;
    fn instead(&self, node: &Node) -> Option<String>;
}

/// Writes the element as SVG. Names are made the layer's own, since a frame has many drawings.
pub fn write(node: &Node, layer: usize, pose: &dyn Instead, out: &mut String) {
    if let Some(made) = pose.instead(node) {
        out.push_str(&made);
        return;
    }
    let place = node.get("id").and_then(|id| pose.place_of(id));
    let place = place.map(|place| Place { opacity: place.opacity * node.number("opacity", 1.0), ..place });
    // What is not seen need not be drawn.
    if place.is_some_and(|place| place.opacity <= 0.0) {
        return;
    }
    let _ = write!(out, "<{}", node.tag);
    for (name, value) in &node.attributes {
        let is_placed = place.is_some() && matches!(name.as_str(), "transform" | "opacity");
        let is_written = !name.starts_with("data-") && !is_placed;
        if name == "id" {
            let _ = write!(out, " id=\"n{layer}-{value}\"");
        } else if is_written {
            let value = value.replace("url(#", &format!("url(#n{layer}-")).replace('&', "&amp;").replace('"', "&quot;");
            let _ = write!(out, " {name}=\"{value}\"");
        }
    }
    if let Some(place) = place {
        out.push_str(&placed(&place, node.numbers("data-pivot"), node.get("transform")));
    }
    out.push('>');
    out.push_str(&node.text.replace('&', "&amp;").replace('<', "&lt;"));
    node.children.iter().for_each(|child| write(child, layer, pose, out));
    let _ = write!(out, "</{}>", node.tag);
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Moved;

    impl Instead for Moved {
        fn place_of(&self, part: &str) -> Option<Place> {
            (part == "door").then_some(Place { turn: 20.0, ..Place::default() })
        }

        fn instead(&self, node: &Node) -> Option<String> {
            node.get("data-face").map(|_| "<circle/>".to_owned())
        }
    }

    #[test]
    fn a_part_is_moved_by_its_name_around_its_pivot() {
        let palette = [("wood".to_owned(), "#a52".to_owned())].into();
        let text = "<svg><g id=\"door\" data-pivot=\"3 4\"><path fill=\"$wood\" clip-path=\"url(#c)\"/></g><g data-face=\"1\"/></svg>";
        let drawing = read(text, &palette).unwrap_or_else(|error| panic!("{error}"));
        let mut out = String::new();
        write(&drawing, 2, &Moved, &mut out);
        let door =
            "<g id=\"n2-door\" transform=\"rotate(20 3 4)\"><path fill=\"#a52\" clip-path=\"url(#n2-c)\"></path></g>";
        assert_eq!(out, format!("<svg>{door}<circle/></svg>"));
        assert!(read("<svg fill=\"$none\"/>", &palette).is_err());
    }
}
