//! Who is told at once that something came: the open streams, by whom they are for.
//!
//! What is told is that there is something and not what: whoever hears it asks as ever, and is given what they may have then. So
//! nothing here decides anything, and what is told twice, late or not at all costs a question and no words.

use crate::ids::{self, DeviceId, StaffId, YoungId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Instant;

/// Streams open at once, of all.
pub const MOST_STREAMS: usize = 2_000;
/// Streams of one phone, or of one member of staff: a few tabs, on a few computers.
pub const MOST_STREAMS_EACH: usize = 32;
/// Streams of one young person, over all their phones: nobody takes up the room of all.
pub const MOST_STREAMS_OF_YOUNG: usize = 64;
/// Something is sent at least this often, so that both sides notice when the other is gone.
pub const ALIVE: Duration = Duration::from_secs(20);
/// A stream ends after this long at most, and is opened anew by whoever may still.
pub const LONGEST: Duration = Duration::from_secs(10 * 60);

/// Whom a stream is for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Topic {
    Young(YoungId, DeviceId),
    Staff(StaffId),
}

impl Topic {
    /// Before the first phone of this young person.
    fn before(young: &YoungId) -> Self {
        Self::Young(young.clone(), DeviceId(String::new()))
    }
}

/// What a stream says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Said {
    /// There may be something new.
    Changed,
    /// Nothing; the line is there.
    Alive,
}

/// Every open stream.
pub struct Live {
    topics: Mutex<BTreeMap<Topic, watch::Sender<()>>>,
    room: Arc<Semaphore>,
    closing: watch::Sender<bool>,
}

impl Default for Live {
    fn default() -> Self {
        let (room, (closing, _)) = (Arc::new(Semaphore::new(MOST_STREAMS)), watch::channel(false));
        Self { topics: Mutex::default(), room, closing }
    }
}

impl Live {
    /// For this long at most. `None` when there are as many already as there may be.
    pub fn listen(self: &Arc<Self>, topic: Topic, longest: Duration) -> Option<Listener> {
        let room = self.room.clone().try_acquire_owned().ok()?;
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if let Topic::Young(young, _) = &topic {
            let open = of_young(&topics, young).map(|(_, sender)| sender.receiver_count());
            if open.sum::<usize>() >= MOST_STREAMS_OF_YOUNG {
                return None;
            }
        }
        let sender = topics.entry(topic.clone()).or_insert_with(|| watch::channel(()).0);
        if sender.receiver_count() >= MOST_STREAMS_EACH {
            return None;
        }
        let news = Some(sender.subscribe());
        let (live, closing) = (self.clone(), self.closing.subscribe());
        // Those that were opened together, as after a restart, do not end together.
        let sooner = ids::random::<1>().map_or(0, |[byte]| u32::from(byte));
        let ends = Instant::now() + longest.min(LONGEST - LONGEST / 4 * sooner / 255);
        Some(Listener { live, topic, news, closing, ends, has_begun: false, _room: room })
    }

    /// Tells the phones of a young person, but for the one that it comes from.
    pub fn notify_young(&self, young: &YoungId, from: Option<&DeviceId>) {
        let open = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        for (device, sender) in of_young(&open, young) {
            if from != Some(device) {
                sender.send_replace(());
            }
        }
    }

    pub fn notify_staff(&self, staff: StaffId) {
        let open = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = open.get(&Topic::Staff(staff)) {
            sender.send_replace(());
        }
    }

    /// Ends the streams of somebody who may no longer listen.
    pub fn end(&self, topic: &Topic) {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner).remove(topic);
    }

    /// Whether nobody listens at all.
    pub fn is_silent(&self) -> bool {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Ends every stream, and each that is opened from now on: the server stops.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }
}

/// The phones of one young person that listen.
fn of_young<'a>(
    topics: &'a BTreeMap<Topic, watch::Sender<()>>,
    young: &'a YoungId,
) -> impl Iterator<Item = (&'a DeviceId, &'a watch::Sender<()>)> {
    topics.range(Topic::before(young)..).map_while(move |(topic, sender)| match topic {
        Topic::Young(of, device) if of == young => Some((device, sender)),
        _ => None,
    })
}

/// One open stream.
pub struct Listener {
    live: Arc<Live>,
    topic: Topic,
    /// `None` only while it ends.
    news: Option<watch::Receiver<()>>,
    closing: watch::Receiver<bool>,
    ends: Instant,
    has_begun: bool,
    _room: OwnedSemaphorePermit,
}

impl Listener {
    /// What is to be said next; `None` at the end.
    pub async fn next(&mut self) -> Option<Said> {
        // Whoever opens a stream may have missed something since they last asked.
        if !std::mem::replace(&mut self.has_begun, true) {
            return Some(Said::Changed);
        }
        let news = self.news.as_mut()?;
        tokio::select! {
            biased;
            _ = self.closing.wait_for(|closing| *closing) => None,
            () = tokio::time::sleep_until(self.ends) => None,
            changed = news.changed() => changed.ok().map(|()| Said::Changed),
            () = tokio::time::sleep(ALIVE) => Some(Said::Alive),
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut topics = self.live.topics.lock().unwrap_or_else(PoisonError::into_inner);
        // Not counted any more.
        self.news = None;
        if topics.get(&self.topic).is_some_and(|sender| sender.receiver_count() == 0) {
            topics.remove(&self.topic);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(name: &str) -> Topic {
        Topic::Young(YoungId(name.into()), DeviceId("1".into()))
    }

    #[tokio::test(start_paused = true)]
    async fn who_listens_is_told_of_their_own_and_of_nothing_else() {
        let live = Arc::new(Live::default());
        let mut listener = live.listen(topic("a"), LONGEST).unwrap();
        assert_eq!(listener.next().await, Some(Said::Changed), "at the beginning");
        let young = YoungId("a".into());
        live.notify_young(&YoungId("b".into()), None);
        live.notify_staff(StaffId("a".into()));
        live.notify_young(&young, Some(&DeviceId("1".into())));
        assert_eq!(listener.next().await, Some(Said::Alive));
        // Told twice before anybody looks is told once.
        live.notify_young(&young, None);
        live.notify_young(&young, Some(&DeviceId("2".into())));
        assert_eq!(listener.next().await, Some(Said::Changed));
        assert_eq!(listener.next().await, Some(Said::Alive));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_ends_by_itself_and_with_the_server() {
        let live = Arc::new(Live::default());
        let mut listener = live.listen(topic("a"), LONGEST).unwrap();
        let mut said = 0;
        while listener.next().await.is_some() {
            said += 1;
        }
        assert!(
            (LONGEST.as_secs() * 3 / 4 / ALIVE.as_secs()..=LONGEST.as_secs() / ALIVE.as_secs()).contains(&said),
            "{said}"
        );
        let mut ended = live.listen(topic("a"), LONGEST).unwrap();
        live.end(&topic("a"));
        assert_eq!((ended.next().await, ended.next().await), (Some(Said::Changed), None));
        // Whoever comes back is not ended with those that were.
        let mut again = live.listen(topic("a"), LONGEST).unwrap();
        drop(ended);
        live.notify_young(&YoungId("a".into()), None);
        assert_eq!((again.next().await, again.next().await), (Some(Said::Changed), Some(Said::Changed)));
        let mut other = live.listen(topic("b"), LONGEST).unwrap();
        live.close();
        assert_eq!((other.next().await, other.next().await), (Some(Said::Changed), None));
    }

    /// A session of staff ends before that: nothing more is told then.
    #[tokio::test(start_paused = true)]
    async fn a_stream_ends_with_the_session_that_it_was_opened_with() {
        let live = Arc::new(Live::default());
        let mut listener = live.listen(Topic::Staff(StaffId("a".into())), ALIVE * 3 / 2).unwrap();
        let said = [listener.next().await, listener.next().await, listener.next().await];
        assert_eq!(said, [Some(Said::Changed), Some(Said::Alive), None]);
    }

    #[tokio::test]
    async fn the_phones_of_one_young_person_do_not_take_the_room_of_all() {
        let live = Arc::new(Live::default());
        let phone = |young: &str, number: usize| Topic::Young(YoungId(young.into()), DeviceId(number.to_string()));
        let mut open: Vec<Listener> =
            (0..MOST_STREAMS_OF_YOUNG).map(|number| live.listen(phone("b", number), LONGEST).unwrap()).collect();
        assert!(live.listen(phone("b", MOST_STREAMS_OF_YOUNG), LONGEST).is_none());
        assert!(live.listen(phone("b", 0), LONGEST).is_none());
        for other in [phone("a", 0), phone("c", 0), Topic::Staff(StaffId("b".into()))] {
            open.push(live.listen(other, LONGEST).unwrap());
        }
        drop(open.remove(0));
        open.push(live.listen(phone("b", 1), LONGEST).unwrap());
    }

    #[tokio::test]
    async fn there_is_room_for_so_many_and_again_when_they_are_gone() {
        let live = Arc::new(Live::default());
        let mut all: Vec<Listener> =
            (0..MOST_STREAMS_EACH).map(|_| live.listen(topic("a"), LONGEST).unwrap()).collect();
        assert!(live.listen(topic("a"), LONGEST).is_none());
        all.pop();
        all.push(live.listen(topic("a"), LONGEST).unwrap());
        for number in 0..MOST_STREAMS - MOST_STREAMS_EACH {
            all.push(live.listen(topic(&format!("b{}", number / MOST_STREAMS_EACH)), LONGEST).unwrap());
        }
        assert!(live.listen(topic("c"), LONGEST).is_none());
        assert!(!live.is_silent());
        drop(all);
        assert!(live.is_silent(), "nothing is kept of who is gone");
    }
}
