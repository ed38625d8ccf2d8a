//! What a film's file is made of, as far as it decides whether phones can play it at once.

use mp4_atom::{Codec, FourCC, Header, Moov, ReadAtom, ReadFrom};
use std::io::{Read, Seek, SeekFrom};

const MAX_SECONDS: f64 = 180.0;
/// A track may be so much longer than the film: sound begins with a little that is not played.
const LEAD: f64 = 0.5;
/// Each has to be looked for in the file. Films have a handful.
const MAX_PARTS: usize = 1_000;

const NO_FILM: &str = "is not a film in MP4";
const FILE_TYPE: FourCC = FourCC::new(b"ftyp");
const LIST: FourCC = FourCC::new(b"moov");
const PICTURES: FourCC = FourCC::new(b"mdat");
const VIDEO: FourCC = FourCC::new(b"vide");

/// Baseline, main, extended and high: eight bits, and colours for every second point. All that phones play without exception.
const PROFILES: [u8; 4] = [66, 77, 88, 100];

/// How many seconds it lasts, or what is wrong with it.
pub fn seconds(file: &mut (impl Read + Seek), length: u64) -> Result<f64, String> {
    let (mut list, mut pictures_at, mut list_at) = (None, None, 0);
    let (mut at, mut parts) = (0, 0);
    while at < length {
        parts += 1;
        if parts > MAX_PARTS {
            return Err(format!("is in more than {MAX_PARTS} parts: make it again with -movflags +faststart"));
        }
        file.seek(SeekFrom::Start(at)).map_err(|_| NO_FILM)?;
        let header = Header::read_from(file).map_err(|_| NO_FILM)?;
        if at == 0 && header.kind != FILE_TYPE {
            return Err(NO_FILM.to_owned());
        }
        let inner = file.stream_position().map_err(|_| NO_FILM)?;
        let end = header.size.map_or(length, |size| inner.saturating_add(size as u64));
        if end > length {
            return Err("is cut off before its end".to_owned());
        }
        if header.kind == LIST {
            list =
                Some(Moov::read_atom(&header, file).map_err(|_| "cannot be read: what it says of itself is broken")?);
            list_at = at;
        } else if header.kind == PICTURES && end > inner {
            pictures_at.get_or_insert(at);
        }
        at = end;
    }
    let list = list.ok_or(NO_FILM)?;
    if pictures_at.ok_or(NO_FILM)? < list_at {
        return Err("does not begin with what a player needs first: make it again with -movflags +faststart".to_owned());
    }
    check_video(&list)?;
    let seconds = longest(&list);
    if seconds <= 0.0 {
        return Err("does not say how long it is: make it again with -movflags +faststart".to_owned());
    }
    if seconds > MAX_SECONDS {
        return Err(format!("is {} seconds long, and {MAX_SECONDS} is the most", seconds.ceil()));
    }
    Ok(seconds)
}

/// How long the film says it is, or a track where that is much longer: a player may go on for as long as there is one.
fn longest(list: &Moov) -> f64 {
    let seconds = |duration: u64, parts_of_a_second: u32| duration as f64 / f64::from(parts_of_a_second.max(1));
    let film = seconds(list.mvhd.duration, list.mvhd.timescale);
    let tracks = list.trak.iter().map(|track| seconds(track.mdia.mdhd.duration, track.mdia.mdhd.timescale));
    tracks.filter(|track| *track > film + LEAD).fold(film, f64::max)
}

fn check_video(list: &Moov) -> Result<(), String> {
    let tracks = list.trak.iter().filter(|track| track.mdia.hdlr.handler == VIDEO);
    let mut codecs = tracks.flat_map(|track| &track.mdia.minf.stbl.stsd.codecs).peekable();
    if codecs.peek().is_none() {
        return Err("has no pictures".to_owned());
    }
    for codec in codecs {
        let Codec::Avc1(video) = codec else {
            return Err("is not in H.264: make it again with -c:v libx264".to_owned());
        };
        if !PROFILES.contains(&video.avcc.avc_profile_indication) {
            return Err("has colours that many phones cannot show: make it again with -pix_fmt yuv420p".to_owned());
        }
    }
    Ok(())
}
