//! What a contact reads, what is marked as new, and what the young person sees of it.

use crate::world::*;
use plan::template;
use protocol::*;
use serde_json::json;

#[tokio::test]
async fn the_review_is_laid_out_for_reading() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["about", "red", "meeting", "green"]).await;
    let mut ops = entry(1, "red", "r_nu", "Ring til mor");
    ops.extend(entry(4, "red", "r_tal", "Skal ikke ses"));
    ops.push(op(7, "red/section/r_tal", "hidden", &[], true.into()));
    ops.push(op(8, "about/section/navn", "text", &[], "Em".into()));
    ops.extend(entry(9, "about", template::STATEMENTS, "Spørg mig først"));
    ops.push(op(12, "meeting/meeting/m1", "date", &[], "2026-12-01".into()));
    ops.extend(entry(13, "meeting", "m1.m_hvem", "Min mor"));
    ops.push(op(16, "meeting/entry/0000000000000001-13", "kind", &[], "relative".into()));
    ops.extend(entry(17, "red", "r_nu", "Slettet"));
    ops.push(op(20, "red/entry/0000000000000001-17", "deleted", &[19], true.into()));
    // Two phones at once.
    ops.push(op(21, "red/entry/0000000000000001-1", "text", &[3], "Ring til far".into()));
    ops.push(op(22, "red/entry/0000000000000001-1", "text", &[3], "Ring til mormor".into()));
    let answer: SyncResponse = young.sync(0, &ops).await.ok();
    assert_eq!(answer.refused, []);

    let person = sara.only_young().await;
    let review: ReviewView = sara.review(&person).await.ok();
    assert_eq!((review.label.as_str(), review.last_look, review.expires_at), ("M", None, START + YEAR));
    let names: Vec<&str> = review.parts.iter().map(|part| part.part.as_str()).collect();
    assert_eq!(names, ["about", "green", "red", "meeting"]);
    let [about, green, red, meeting] = &review.parts[..] else { panic!() };
    let texts = |part: &ReviewPart| {
        let sections = part.sections.iter().map(|section| {
            (section.id.clone(), section.texts.iter().map(|text| text.text.clone()).collect::<Vec<_>>())
        });
        sections.collect::<Vec<_>>()
    };
    assert_eq!(
        texts(about),
        [("navn".into(), vec!["Em".into()]), ("udsagn".into(), vec!["Spørg mig først".to_owned()])]
    );
    assert_eq!(texts(green), []);
    assert_eq!(texts(red), [("r_nu".into(), vec!["Ring til mormor".to_owned()])]);
    assert_eq!(red.sections[0].texts[0].others, ["Ring til far"]);
    assert_eq!(red.sections[0].title, template::DANISH.of(template::find(plan::Part::PlanRed, "r_nu").unwrap()).title);
    assert_eq!(meeting.facts, [ReviewFact { field: "date".into(), text: "2026-12-01".into(), new: false }]);
    assert_eq!(
        (meeting.sections[0].texts[0].text.as_str(), meeting.sections[0].texts[0].kind.as_str()),
        ("Min mor", "relative")
    );
}

#[tokio::test]
async fn what_came_after_the_last_visit_is_new() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let _: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", "gammelt")).await.ok();
    let person = sara.only_young().await;
    let marks = |review: &ReviewView| {
        let texts = review.parts.iter().flat_map(|part| &part.sections).flat_map(|section| &section.texts);
        texts.map(|text| (text.text.clone(), text.new)).collect::<Vec<_>>()
    };
    assert!(sara.young_people().await.young_people[0].has_news);
    let first: ReviewView = sara.review(&person).await.ok();
    assert_eq!((marks(&first), first.last_look), (vec![("gammelt".into(), false)], None));
    assert!(!sara.young_people().await.young_people[0].has_news);

    // The same visit goes on: nothing has changed, so nothing is sent, and it is still written down.
    world.pass(4 * MINUTE);
    let known = format!("staff/young-people/{person}/review?version={}", first.version);
    sara.get(&known).await.empty();
    // Something comes in during the visit: it is shown, and it is new, since it was not there when she began to read.
    let _: SyncResponse = young.sync(3, &entry(4, "red", "r_nu", "nyt")).await.ok();
    let second: ReviewView = sara.get(&known).await.ok();
    assert_ne!(second.version, first.version);
    assert_eq!(marks(&second), [("gammelt".into(), false), ("nyt".into(), true)]);

    world.pass(20 * MINUTE);
    let _: SyncResponse = young.sync(6, &entry(7, "red", "r_nu", "nyest")).await.ok();
    assert!(sara.young_people().await.young_people[0].has_news);
    world.pass(20 * MINUTE);
    let third: ReviewView = sara.review(&person).await.ok();
    assert_eq!(third.last_look, Some(START + 4 * MINUTE));
    assert_eq!(marks(&third), [("gammelt".into(), false), ("nyt".into(), false), ("nyest".into(), true)]);
    world.pass(9 * MINUTE);
    let again: ReviewView = sara.review(&person).await.ok();
    assert_eq!(again, third);

    let looks: LooksView = young.get("looks").await.ok();
    let seen: Vec<_> =
        looks.looks.iter().map(|look| (look.name.as_str(), look.from - START, look.until - START)).collect();
    assert_eq!(seen, [("Sara Holm", 44 * MINUTE, 53 * MINUTE), ("Sara Holm", 0, 4 * MINUTE)]);
    assert_eq!(
        (looks.looks[0].unit.as_str(), &looks.looks[0].parts[..]),
        ("Bostedet Lindely", &["red".to_owned()][..])
    );
}

#[tokio::test]
async fn a_refused_look_is_no_look_and_every_other_is_seen() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, consent) = world.young(&mut sara, "M", &["red"]).await;
    let person = sara.only_young().await;
    jonas.review(&person).await.refused(ErrorCode::NotFound);
    let _: ReviewView = sara.review(&person).await.ok();
    young.withdraw(&consent.id).await;
    world.pass(HOUR - 1);
    sara.review(&person).await.refused(ErrorCode::NoConsent);
    let looks: LooksView = young.get("looks").await.ok();
    assert_eq!(looks.looks.len(), 1);
    assert_eq!(looks.looks[0].until, START);
}

#[tokio::test]
async fn a_servers_clock_that_jumps_ten_years_loses_no_look() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let person = sara.only_young().await;
    let _: ReviewView = sara.review(&person).await.ok();
    for (at, active) in [(START + 10 * YEAR, false), (START - 10 * YEAR, true)] {
        world.set_time(at);
        sara.review(&person).await.refused(ErrorCode::SignedOut);
        let mut sara = world.staff(SARA).await;
        let review = sara.review(&person).await;
        if active {
            let _: ReviewView = review.ok();
        } else {
            review.refused(ErrorCode::NoConsent);
        }
        let _: LooksView = young.get("looks").await.ok();
        let _: MeView = young.get("me").await.ok();
    }
    world.set_time(START + MINUTE);
    let _: ReviewView = world.staff(SARA).await.review(&person).await.ok();
    let looks: LooksView = young.get("looks").await.ok();
    assert!(looks.looks.iter().all(|look| look.from <= look.until));
    assert!(looks.looks.len() >= 2);
    let answer: SyncResponse = young.post("sync", &json!({"protocol": 1, "cursor": 0, "ops": []})).await.ok();
    assert_eq!(answer.cursor, 0);
}

/// Whoever has been waiting for their turn is asked again what they may read.
#[tokio::test]
async fn a_review_that_was_on_its_way_shows_nothing_after_the_no() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, consent) = world.young(&mut sara, "M", &["red", "meeting"]).await;
    let _ = young.accept(&jonas.invite("N").await, &["meeting"]).await;
    let _: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", "Ring til mormor")).await.ok();
    let person = sara.only_young().await;
    let mut phone = young.clone();
    world.between.after("record_look", async move {
        phone.withdraw(&consent.id).await;
        let _: SyncResponse = phone.sync(3, &entry(10, "meeting", "m1.m_dagsorden", "Efter et nej")).await.ok();
    });
    sara.review(&person).await.refused(ErrorCode::NoConsent);

    // With a yes to something else it is that which is shown, and nothing of what the first look was for.
    let given = young.accept(&sara.invite("M").await, &["meeting"]).await;
    let mut phone = young.clone();
    world.between.after("record_look", async move {
        let fewer = yes(None, Some(&given.id), &["about"], OVER_15);
        let _: ConsentView = phone.post("consents", &fewer).await.ok();
    });
    let review: ReviewView = sara.review(&person).await.ok();
    assert_eq!(review.parts.iter().map(|part| part.part.as_str()).collect::<Vec<_>>(), ["about"]);
}
