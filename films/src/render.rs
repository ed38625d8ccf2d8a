//! From scripts to files: pictures by resvg, films by ffmpeg.

use anyhow::{Context, Result, anyhow, bail, ensure};
use films::frame::{Drawings, HIGH, WIDE};
use films::library::{
    LANGUAGES, MOST_BYTES, NAMES, fingerprint, read_drawings, read_fingerprints, read_script, rendered, root, story,
};
use films::script::Script;
use films::sound;
use resvg::tiny_skia::{Pixmap, PixmapPaint, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// As it is played.
const PLAYED_WIDE: u32 = 720;
const PLAYED_HIGH: u32 = 1280;
const RATE: u32 = 20;
/// What a film is made to have, with some room below what it may have.
const BYTES: u64 = 1_400_000;
const SOUND_BITS: u64 = 40_000;
/// Letters like the app's on a phone.
const LETTERS: &str = "/usr/share/fonts/truetype/quicksand";

/// What draws one film.
struct Screen {
    drawings: Drawings,
    script: Script,
    options: Options<'static>,
}

impl Screen {
    fn new(name: &str) -> Result<Self> {
        let drawings = read_drawings().map_err(|error| anyhow!(error))?;
        let script = read_script(name).map_err(|error| anyhow!(error))?;
        let faults = drawings.list_faults(&script);
        ensure!(faults.is_empty(), "{name}:\n  {}", faults.join("\n  "));
        let mut fonts = fontdb::Database::new();
        for weight in ["Regular", "Bold"] {
            let file = format!("{LETTERS}/Quicksand-{weight}.ttf");
            let letters = std::fs::read(&file).with_context(|| format!("{file}: apt-get install fonts-quicksand"))?;
            fonts.load_font_data(letters);
        }
        Ok(Self { drawings, script, options: Options { fontdb: Arc::new(fonts), ..Options::default() } })
    }

    fn picture(&self, second: f64, wide: u32, high: u32) -> Result<Pixmap> {
        let tree = Tree::from_str(&self.drawings.draw(&self.script, second), &self.options)?;
        let mut picture = Pixmap::new(wide, high).context("no room for a picture")?;
        let size = Transform::from_scale(wide as f32 / WIDE as f32, high as f32 / HIGH as f32);
        resvg::render(&tree, size, &mut picture.as_mut());
        Ok(picture)
    }

    /// Every picture in its turn, made by all cores.
    fn play(&self, seconds: &[f64], wide: u32, high: u32, mut show: impl FnMut(Pixmap) -> Result<()>) -> Result<()> {
        let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        for some in seconds.chunks(workers * 8) {
            let share = some.len().div_ceil(workers);
            let made: Vec<Result<Vec<Pixmap>>> = std::thread::scope(|scope| {
                let work = |mine: &'_ [f64]| mine.iter().map(|second| self.picture(*second, wide, high)).collect();
                let threads: Vec<_> = some.chunks(share).map(|mine| scope.spawn(move || work(mine))).collect();
                let join = |thread: std::thread::ScopedJoinHandle<'_, _>| {
                    thread.join().unwrap_or_else(|_| bail!("drawing failed"))
                };
                threads.into_iter().map(join).collect()
            });
            for pictures in made {
                pictures?.into_iter().try_for_each(&mut show)?;
            }
        }
        Ok(())
    }
}

fn ffmpeg(arguments: &[&str]) -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-hide_banner", "-loglevel", "error", "-y"]).args(arguments);
    command
}

fn check(name: &str, done: std::process::ExitStatus) -> Result<()> {
    ensure!(done.success(), "{name}: ffmpeg ended with {done}");
    Ok(())
}

/// Renders a film with its poster, and lays its captions beside it.
pub fn film(name: &str) -> Result<()> {
    let screen = Screen::new(name)?;
    let folder = rendered();
    std::fs::create_dir_all(&folder)?;
    let work = root().join("../target/films");
    std::fs::create_dir_all(&work)?;
    let (wav, mp4) = (work.join(format!("{name}.wav")), folder.join(format!("{name}.mp4")));
    std::fs::write(&wav, sound::to_wav(&sound::make(&screen.script)))?;
    let frames = (screen.script.seconds() * f64::from(RATE)).round() as u32;
    let seconds: Vec<f64> = (0..frames).map(|frame| f64::from(frame) / f64::from(RATE)).collect();

    // First without loss, since ffmpeg looks at all of it twice.
    let whole = work.join(format!("{name}.mkv"));
    let (size, rate) = (format!("{PLAYED_WIDE}x{PLAYED_HIGH}"), RATE.to_string());
    let mut child = ffmpeg(&["-f", "rawvideo", "-pix_fmt", "rgba", "-s", &size, "-r", &rate, "-i", "-"])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", "-pix_fmt", "yuv420p", "-threads", "1"])
        .arg(&whole)
        .stdin(Stdio::piped())
        .spawn()
        .context("ffmpeg is not there: apt-get install ffmpeg")?;
    let mut pipe = child.stdin.take().context("ffmpeg does not listen")?;
    screen.play(&seconds, PLAYED_WIDE, PLAYED_HIGH, |picture| Ok(pipe.write_all(picture.data())?))?;
    drop(pipe);
    check(name, child.wait()?)?;

    let bits = (BYTES as f64 * 8.0 / screen.script.seconds()) as u64 - SOUND_BITS;
    let (bits, sound_bits) = (bits.to_string(), SOUND_BITS.to_string());
    // The same bytes each time: no dates, no names of programs, one order of work.
    let video =
        ["-c:v", "libx264", "-preset", "slow", "-tune", "animation", "-b:v", &bits, "-g", "100", "-threads", "2"];
    let plain = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"];
    let passes = work.join(name);
    let pass = |number: &str| {
        let mut command = ffmpeg(&[]);
        command
            .arg("-i")
            .arg(&whole)
            .arg("-i")
            .arg(&wav)
            .args(video)
            .args(["-pass", number, "-passlogfile"])
            .arg(&passes);
        command
    };
    check(name, pass("1").args(["-an", "-f", "null", "-"]).status()?)?;
    let sound = ["-c:a", "aac", "-b:a", &sound_bits, "-ac", "1", "-shortest", "-movflags", "+faststart"];
    check(name, pass("2").args(sound).args(plain).arg(&mp4).status()?)?;
    std::fs::remove_file(&whole)?;
    let bytes = std::fs::metadata(&mp4)?.len();
    ensure!(bytes <= MOST_BYTES, "{name} has {bytes} bytes, and {MOST_BYTES} are the most");

    let still = work.join(format!("{name}.png"));
    screen.picture(screen.script.poster, PLAYED_WIDE, PLAYED_HIGH)?.save_png(&still)?;
    let still = still.to_string_lossy();
    let poster = folder.join(format!("{name}.webp"));
    check(
        name,
        ffmpeg(&["-i", &still, "-c:v", "libwebp", "-quality", "78", "-map_metadata", "-1", "-fflags", "+bitexact"])
            .arg(poster)
            .status()?,
    )?;
    for language in LANGUAGES {
        let captions = format!("{language}.vtt");
        std::fs::copy(story(name).join(&captions), folder.join(format!("{name}.{captions}")))?;
    }
    let mut known = read_fingerprints().unwrap_or_default();
    known.insert(name.to_owned(), fingerprint(name)?);
    std::fs::write(root().join("rendered.json"), format!("{}\n", serde_json::to_string_pretty(&known)?))?;
    println!("{name}: {:.1} s, {bytes} bytes", screen.script.seconds());
    Ok(())
}

/// Writes the list of those that are rendered.
pub fn list() -> Result<()> {
    let mut films = Vec::new();
    for name in NAMES {
        let Ok(file) = std::fs::metadata(rendered().join(format!("{name}.mp4"))) else { continue };
        let script = read_script(name).map_err(|error| anyhow!(error))?;
        let told = |of: fn(&films::script::Words) -> &String| {
            script.scene.iter().map(|scene| of(&scene.tells).as_str()).collect::<Vec<_>>().join("\n")
        };
        films.push(json!({
            "name": name,
            "title": { "da": script.title.da, "en": script.title.en },
            "about": { "da": script.about.da, "en": script.about.en },
            "idea": { "da": script.idea.da, "en": script.idea.en },
            "seconds": script.seconds().round(),
            "bytes": file.len(),
            "transcript": { "da": told(|words| &words.da), "en": told(|words| &words.en) },
        }));
    }
    std::fs::write(
        rendered().join("films.json"),
        format!("{}\n", serde_json::to_string_pretty(&json!({ "films": films }))?),
    )?;
    Ok(())
}

/// Two pictures a second, in the order of reading.
pub fn sheet(name: &str, folder: &Path) -> Result<()> {
    const ACROSS: u32 = 12;
    const SMALL: (u32, u32) = (144, 256);
    let screen = Screen::new(name)?;
    let count = (screen.script.seconds() * 2.0).ceil() as u32;
    let seconds: Vec<f64> = (0..count).map(|place| f64::from(place) / 2.0).collect();
    let (wide, high) = (SMALL.0 + 4, SMALL.1 + 4);
    let mut sheet = Pixmap::new(ACROSS * wide, count.div_ceil(ACROSS) * high).context("no room for a sheet")?;
    let mut place = 0;
    screen.play(&seconds, SMALL.0, SMALL.1, |picture| {
        let (x, y) = ((place % ACROSS * wide) as i32, (place / ACROSS * high) as i32);
        sheet.draw_pixmap(x, y, picture.as_ref(), &PixmapPaint::default(), Transform::identity(), None);
        place += 1;
        Ok(())
    })?;
    std::fs::create_dir_all(folder)?;
    sheet.save_png(folder.join(format!("{name}.png")))?;
    Ok(())
}

/// One picture.
pub fn still(name: &str, second: f64, file: &Path) -> Result<()> {
    Screen::new(name)?.picture(second, PLAYED_WIDE / 2, PLAYED_HIGH / 2)?.save_png(file)?;
    Ok(())
}
