//! The young person's app: mount, nothing else.

fn main() {
    leptos::mount::mount_to_body(min_plan::app::Young);
}
