//! Headers, methods, and the apps as files.

use crate::world::*;
use axum::body::Body;
use axum::http::{Method, Request};
use protocol::*;
use server::http::Transport;

async fn fetch(client: &mut Client, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    client.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn every_answer_has_the_headers() {
    for (transport, secure) in [(Transport::Https, true), (Transport::PlainLoopback, false)] {
        let world = World::with(transport, FILES).await;
        let mut client = world.nobody();
        for path in ["/", "/api/v1/me", "/api/v1/none", "/none.js", "/personale/x", "/sw.js"] {
            let reply = fetch(&mut client, "GET", path, &[]).await;
            let policy = reply.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"), "{path}");
            assert!(!policy.contains("unsafe-inline") && !policy.contains("http"));
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
            ] {
                assert_eq!(reply.header(name), value, "{path}");
            }
            assert!(reply.header("permissions-policy").contains("camera=()"));
            assert_eq!(reply.headers.contains_key("strict-transport-security"), secure, "{path}");
            if path.starts_with("/api") {
                assert_eq!(reply.header("cache-control"), "no-store", "{path}");
            }
        }
    }
}

#[tokio::test]
async fn cookies_are_as_strict_as_the_transport_allows() {
    for (transport, young, staff, secure) in [
        (Transport::Https, "__Host-minplan=", "__Host-personale=", "; Secure"),
        (Transport::PlainLoopback, "minplan-trial=", "personale-trial=", ""),
    ] {
        let world = World::with(transport, FILES).await;
        let mut sara = world.nobody();
        let request = SignInRequest { login: SARA.into(), password: PASSWORD.into() };
        let reply = sara.post("staff/session", &request).await;
        let line = reply.header("set-cookie");
        assert!(line.starts_with(staff), "{line}");
        assert!(line.ends_with(&format!("; HttpOnly{secure}; SameSite=Strict; Path=/; Max-Age=28800")), "{line}");
        let code = sara.invite("M").await;
        let mut client = world.nobody();
        let reply = client.post("consents", &yes(Some(&code), None, &["red"], OVER_15)).await;
        let line = reply.header("set-cookie").to_owned();
        assert!(line.starts_with(young), "{line}");
        assert!(line.ends_with(&format!("; HttpOnly{secure}; SameSite=Strict; Path=/; Max-Age=34560000")), "{line}");
        // A later yes renews the same token rather than giving a new one.
        let consent: ConsentView = serde_json::from_slice(&reply.body).unwrap();
        let reply = client.post("consents", &yes(None, Some(&consent.id), &["red"], OVER_15)).await;
        assert_eq!(reply.header("set-cookie"), line);
        assert_eq!(client.me().await.devices.len(), 1);
    }
}

#[tokio::test]
async fn the_api_answers_in_json_whatever_is_asked() {
    let world = World::new().await;
    let mut client = world.nobody();
    for (method, path, status) in [
        ("GET", "/api", 404),
        ("GET", "/api/v1", 404),
        ("GET", "/api/v2/me", 404),
        ("GET", "/api/v1/nothing.js", 404),
        ("GET", "/api/v1/sync", 405),
        ("PUT", "/api/v1/me", 405),
        ("DELETE", "/api/v1/staff/young-people", 405),
        ("POST", "/", 405),
        ("PUT", "/index.html", 405),
    ] {
        let reply = fetch(&mut client, method, path, &[]).await;
        assert_eq!(reply.status.as_u16(), status, "{method} {path}");
        let _: ErrorBody = serde_json::from_slice(&reply.body).expect(path);
    }
}

#[tokio::test]
async fn routes_get_their_page_and_missing_files_do_not() {
    let world = World::new().await;
    let mut client = world.nobody();
    for (path, status, body) in [
        ("/", 200, "<!doctype html>ung"),
        ("/index.html", 200, "<!doctype html>ung"),
        ("/plan/r_nu", 200, "<!doctype html><style>a{}</style>frame"),
        ("/personal", 200, "<!doctype html><style>a{}</style>frame"),
        ("/personale", 200, "<!doctype html>personale"),
        ("/personale/", 200, "<!doctype html>personale"),
        ("/personale/unge/abc", 200, "<!doctype html>personale"),
        ("/sw.js", 200, "// worker"),
        ("/icons/app-192.png", 200, "png"),
        ("/ung-ffffffffffffffff.js", 404, "There is no such file.\n"),
        ("/personale/missing.css", 404, "There is no such file.\n"),
        ("/index.html.br", 404, "There is no such file.\n"),
        ("/../Cargo.toml", 404, "There is no such file.\n"),
        ("/ung/index.html", 404, "There is no such file.\n"),
    ] {
        let reply = fetch(&mut client, "GET", path, &[]).await;
        assert_eq!((reply.status.as_u16(), reply.text().as_str()), (status, body), "{path}");
    }
}

#[tokio::test]
async fn a_page_allows_the_style_that_it_brings_and_nothing_else() {
    let world = World::new().await;
    let mut client = world.nobody();
    let styles = |reply: &Reply| {
        let policy = reply.header("content-security-policy").to_owned();
        policy.split("; ").find_map(|rule| rule.strip_prefix("style-src ")).unwrap().to_owned()
    };
    // `printf 'a{}' | openssl dgst -sha256 -binary | base64`
    let allowed = "'self' 'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk='";
    assert_eq!(styles(&fetch(&mut client, "GET", "/plan", &[]).await), allowed);
    let known = fetch(&mut client, "GET", "/plan", &[("if-none-match", "*")]).await;
    assert_eq!((known.status.as_u16(), styles(&known).as_str()), (304, allowed));
    for path in ["/", "/sw.js", "/api/v1/me", "/personale"] {
        assert_eq!(styles(&fetch(&mut client, "GET", path, &[]).await), "'self'", "{path}");
    }
}

#[tokio::test]
async fn files_are_cached_by_their_names() {
    let world = World::new().await;
    let mut client = world.nobody();
    for (path, cache, kind) in [
        ("/", "no-cache", "text/html; charset=utf-8"),
        ("/sw.js", "no-cache", "text/javascript; charset=utf-8"),
        ("/icons/app-192.png", "no-cache", "image/png"),
        ("/ung-0123456789abcdef.js", "public, max-age=31536000, immutable", "text/javascript; charset=utf-8"),
        ("/ung-0123456789abcdef_bg.wasm", "public, max-age=31536000, immutable", "application/wasm"),
        ("/personale/style-0123456789abcdef.css", "public, max-age=31536000, immutable", "text/css; charset=utf-8"),
    ] {
        let reply = fetch(&mut client, "GET", path, &[]).await;
        assert_eq!((reply.header("cache-control"), reply.header("content-type")), (cache, kind), "{path}");
        let etag = reply.header("etag").to_owned();
        for known in [etag.clone(), format!("\"x\", W/{etag}"), "*".into()] {
            let again = fetch(&mut client, "GET", path, &[("if-none-match", &known)]).await;
            assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
        }
        let other = fetch(&mut client, "GET", path, &[("if-none-match", "\"x\"")]).await;
        assert_eq!(other.status.as_u16(), 200);
        let head = fetch(&mut client, "HEAD", path, &[]).await;
        assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
        assert_eq!(head.header("content-length"), reply.body.len().to_string());
    }
}

#[tokio::test]
async fn packed_files_go_to_who_can_unpack_them() {
    let world = World::new().await;
    let mut client = world.nobody();
    for (accepts, encoding, body) in [
        ("gzip, deflate, br, zstd", "br", "br of index"),
        ("gzip", "gzip", "gz of index"),
        ("br;q=0, gzip;q=0.5", "gzip", "gz of index"),
        ("identity", "", "<!doctype html>ung"),
        ("", "", "<!doctype html>ung"),
    ] {
        let reply = fetch(&mut client, "GET", "/", &[("accept-encoding", accepts)]).await;
        assert_eq!((reply.header("content-encoding"), reply.text().as_str()), (encoding, body));
        assert_eq!(reply.header("content-length"), body.len().to_string());
        assert_eq!(reply.header("vary"), "accept-encoding");
    }
    let reply = fetch(&mut client, "GET", "/sw.js", &[("accept-encoding", "br")]).await;
    assert_eq!(reply.header("content-encoding"), "");
}

#[tokio::test]
async fn without_the_apps_the_server_says_so() {
    let world = World::with(Transport::PlainLoopback, &[]).await;
    let mut client = world.nobody();
    for path in ["/", "/personale", "/plan"] {
        let reply = fetch(&mut client, "GET", path, &[]).await;
        assert_eq!(reply.status.as_u16(), 503);
        assert!(reply.text().contains("cargo xtask build"));
    }
    client.raw(Method::GET, "me", Body::empty()).await.refused(ErrorCode::SignedOut);
}

#[tokio::test]
async fn an_invitation_is_a_link_and_a_drawing() {
    let world = World::with(Transport::Https, FILES).await;
    let mut sara = world.staff(SARA).await;
    let view: StaffInvitationView =
        sara.post("staff/invitations", &CreateInvitationRequest { label: " M ".into() }).await.ok();
    let code = view.code.unwrap();
    assert_eq!((view.label.as_str(), view.expires_at), ("M", START + 72 * HOUR));
    assert_eq!(view.link.unwrap(), format!("https://plan.example.dk/del/kode#{code}"));
    let qr = view.qr.unwrap();
    // Version 3 or 4, by how many digits the code has: 29 or 33 modules, and four of white on each side.
    assert!(matches!(qr.size, 37 | 41), "{}", qr.size);
    assert!(qr.path.starts_with("M4 4h7v1h-7z"), "{}", qr.path);
    assert!(qr.path.bytes().all(|byte| b"Mhvz- 0123456789".contains(&byte)));
}
