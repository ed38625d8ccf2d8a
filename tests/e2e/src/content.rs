//! What somebody has written everywhere, made up.

/// What somebody has written, in their own words.
pub const CONTENT: &[(&str, &[&str])] = &[
    ("/plan/g_tegn", &["Jeg griner og laver sjov", "Jeg har lyst til at være med"]),
    ("/plan/g_hver", &["Fodbold om tirsdagen med Ali", "At sove nok"]),
    ("/plan/y_trig", &["Når der bliver råbt", "Søndag aften, når jeg har været hjemme"]),
    ("/plan/y_selv", &["Det kribler i benene"]),
    ("/plan/y_andre", &["Jeg bliver stille og trækker hætten op"]),
    ("/plan/y_gor", &["Gå en tur om søen", "Høre min egen musik"]),
    ("/plan/y_hjaelp", &["Sæt dig ved siden af mig uden at sige noget"]),
    ("/plan/r_tegn", &["Jeg kan ikke høre, hvad du siger"]),
    ("/plan/r_nu", &["Gå ud på trappen og træk vejret", "Koldt vand på hænderne", "Ring til mormor"]),
    ("/plan/r_tal", &["Mormor 12 34 56 78", "Sara fra huset"]),
    ("/plan/r_grunde", &["Min lillesøster Freja", "Vi skal i Tivoli til sommer"]),
    ("/plan/a_bagefter", &["Lad mig sove først", "Spørg mig om maden, ikke om hvorfor"]),
    ("/om-mig/navn", &["Kald mig Bo"]),
    ("/om-mig/godt", &["Pizza, hunde og gamle biler"]),
    ("/om-mig/hjaelp", &["Sig mit navn roligt, og vent på svar"]),
    ("/om-mig/ikke", &["Du skal ikke røre mig uden at spørge"]),
    ("/om-mig/udsagn", &["Jeg er mere end det, der står i mine papirer"]),
    ("/moede/m_hvorfor", &["Jeg vil gerne på en anden skole"]),
    ("/moede/m_hvor", &["Kort, og med en pause i midten"]),
    (
        "/moede/m_dagsorden",
        &[
            "Jeg vil gerne på en anden skole",
            "Hvornår kan jeg besøge min lillesøster?",
            "Min medicin",
            "Lommepenge",
            "Sommerferien",
        ],
    ),
    ("/moede/m_ikke", &["Det, der skete i april"]),
];
