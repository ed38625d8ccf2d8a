//! The rendered films as others read them: ffprobe says what is in each, and it can begin to play before it has come whole.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use films::library::{MOST_BYTES, NAMES, SECONDS, read_script, rendered};
use serde::Deserialize;

use crate::{files, shell};

const ASKED: &str =
    "stream=codec_type,codec_name,pix_fmt,width,height,sample_aspect_ratio:format=format_name,duration,size";

/// What ffprobe answers. It writes some numbers as texts.
#[derive(Deserialize)]
struct Probed {
    streams: Vec<BTreeMap<String, serde_json::Value>>,
    format: Format,
}

#[derive(Deserialize)]
struct Format {
    format_name: String,
    duration: String,
    size: String,
}

pub fn check() -> Result<()> {
    let mut wrong = Vec::new();
    for name in NAMES {
        match probe(name) {
            Ok(said) => println!("ffprobe: {name}: {said}"),
            Err(error) => wrong.push(format!("{name}: {error:#}")),
        }
    }
    if !wrong.is_empty() {
        bail!("films that not every phone can play:\n  {}", wrong.join("\n  "));
    }
    Ok(())
}

fn probe(name: &str) -> Result<String> {
    let path = rendered().join(format!("{name}.mp4"));
    let file = path.to_str().context("a path that is no text")?;
    let said = shell::output("ffprobe", &["-v", "error", "-show_entries", ASKED, "-of", "json", file])
        .context("ffprobe cannot read it")?;
    let Probed { streams, format } = serde_json::from_str(&said)?;
    let streams: Vec<String> = streams
        .iter()
        .map(|stream| {
            let names = ["codec_type", "codec_name", "pix_fmt", "width", "height", "sample_aspect_ratio"];
            let said = names.into_iter().filter_map(|name| stream.get(name)).map(|value| match value.as_str() {
                Some(text) => text.to_owned(),
                None => value.to_string(),
            });
            said.collect::<Vec<_>>().join(" ")
        })
        .collect();
    let is_ours = matches!(&streams[..], [picture, sound]
        if picture.strip_suffix(" 1:1").unwrap_or(picture) == "video h264 yuv420p 720 1280" && sound == "audio aac");
    ensure!(is_ours, "its streams are {streams:?}");
    ensure!(format.format_name.split(',').any(|it| it == "mp4"), "it is {}", format.format_name);
    let (seconds, bytes): (f64, u64) = (format.duration.parse()?, format.size.parse()?);
    let planned = read_script(name).map_err(anyhow::Error::msg)?.seconds();
    ensure!(SECONDS.contains(&seconds) && (seconds - planned).abs() < 0.1, "{seconds} s, its script {planned} s");
    ensure!(bytes <= MOST_BYTES, "{bytes} bytes");
    ensure!(begins_at_once(&path)?, "what says where everything is comes after the pictures");
    Ok(format!("{}, {seconds:.1} s, {bytes} bytes", streams.join(", ")))
}

/// Whether the box that says where everything is, `moov`, stands before the one with the pictures: ISO/IEC 14496-12, 4.2.
fn begins_at_once(path: &Path) -> Result<bool> {
    let bytes = files::read(path)?;
    let mut at = 0;
    while let Some((size, rest)) = bytes.get(at..).and_then(<[u8]>::split_first_chunk::<4>) {
        match rest.first_chunk::<4>() {
            Some(b"moov") => return Ok(true),
            Some(b"mdat") | None => return Ok(false),
            Some(_) => at += usize::try_from(u32::from_be_bytes(*size))?.max(8),
        }
    }
    Ok(false)
}
