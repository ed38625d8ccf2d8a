//! Soft music, made here: a few slow tones below, a plucked one now and then above. A film is whole without it.

use crate::script::{Mood, Script};
use std::f64::consts::TAU;

pub const RATE: u32 = 44_100;

/// Half tones above the lowest C, of the chord below and of what may sound above.
fn tones(mood: Mood) -> (&'static [i32], &'static [i32]) {
    match mood {
        Mood::Warm => (&[12, 19, 28], &[36, 38, 40, 43, 45, 48]),
        Mood::Light => (&[17, 24, 33], &[41, 43, 45, 48, 50, 53]),
        Mood::Low => (&[9, 16, 24], &[33, 36, 38, 40, 45]),
        Mood::Tense => (&[14, 20, 26], &[26, 29]),
    }
}

/// Seconds between two plucked tones, and how often there is one.
fn pace(mood: Mood) -> (f64, f64) {
    match mood {
        Mood::Warm => (0.6, 0.62),
        Mood::Light => (0.45, 0.7),
        Mood::Low => (0.9, 0.5),
        Mood::Tense => (1.2, 0.55),
    }
}

fn pitch(half_tones: i32) -> f64 {
    65.406 * 2f64.powf(f64::from(half_tones) / 12.0)
}

/// The same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1u32 << 31)
    }
}

/// Adds a tone that comes and goes as `shape` says.
fn add(samples: &mut [f64], from: f64, seconds: f64, half_tones: i32, loud: f64, shape: impl Fn(f64) -> f64) {
    let (first, count) = ((from * f64::from(RATE)) as usize, (seconds * f64::from(RATE)) as usize);
    for (place, sample) in samples.iter_mut().skip(first).take(count).enumerate() {
        let time = place as f64 / f64::from(RATE);
        let wave = time * pitch(half_tones) * TAU;
        *sample += (wave.sin() + 0.18 * (2.0 * wave).sin() + 0.05 * (3.0 * wave).sin()) * loud * shape(time);
    }
}

/// The sound of a whole film.
pub fn make(script: &Script) -> Vec<i16> {
    let length = script.seconds();
    let mut samples = vec![0.0; (length * f64::from(RATE)) as usize];
    let mut chance = Chance(script.title.da.bytes().fold(7, |seed, byte| seed * 31 + u64::from(byte)));
    let mut began = 0.0;
    for scene in &script.scene {
        let (below, above) = tones(scene.mood);
        let lasts = scene.seconds + 1.2;
        for tone in below {
            add(&mut samples, began, lasts, *tone, 0.05, |time| {
                (time / 1.4).min(1.0) * ((lasts - time) / 1.4).min(1.0)
            });
        }
        let (step, often) = pace(scene.mood);
        let (mut at, mut tone) = (began + 0.4, above.len() / 2);
        while at < began + scene.seconds - 0.4 {
            if chance.next() < often {
                let by = (chance.next() * 3.0) as usize;
                tone = (tone + by).saturating_sub(1).min(above.len() - 1);
                let loud = 0.06 + 0.04 * chance.next();
                add(&mut samples, at, 2.2, above[tone], loud, |time| (time / 0.012).min(1.0) * (-time * 2.6).exp());
            }
            at += step;
        }
        began += scene.seconds;
    }
    let end = samples.len() as f64;
    let fade = f64::from(RATE) * 1.5;
    let faded = samples.iter().enumerate().map(|(place, sample)| {
        let edge = (place as f64 / fade).min((end - place as f64) / fade).min(1.0);
        (sample.tanh() * edge * 0.8 * f64::from(i16::MAX)) as i16
    });
    faded.collect()
}

/// As a WAV file.
pub fn to_wav(samples: &[i16]) -> Vec<u8> {
    let bytes = samples.len() as u32 * 2;
    let mut file = Vec::with_capacity(samples.len() * 2 + 44);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(bytes + 36).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    // 16 bytes of format: plain numbers, one channel, the rate, bytes a second, bytes a sample, bits a sample.
    file.extend_from_slice(&16u32.to_le_bytes());
    file.extend_from_slice(&1u16.to_le_bytes());
    file.extend_from_slice(&1u16.to_le_bytes());
    file.extend_from_slice(&RATE.to_le_bytes());
    file.extend_from_slice(&(RATE * 2).to_le_bytes());
    file.extend_from_slice(&2u16.to_le_bytes());
    file.extend_from_slice(&16u16.to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&bytes.to_le_bytes());
    samples.iter().for_each(|sample| file.extend_from_slice(&sample.to_le_bytes()));
    file
}
