use super::*;

fn manager(minor: u8) -> ImageManager {
    ImageManager::new(Cluster::of(Release::minor_unchecked(minor)), BackOff::for_images(), 5.0, 10)
}

fn sync<'a>(at: i64, policy: &'a str, presence: &'a Presence) -> Sync<'a> {
    Sync {
        at: Duration::from_secs(at),
        pod_name: "web-0",
        pod_uid: "uid",
        field_path: "spec.containers{web}",
        image: "nginx",
        policy,
        presence,
        look_up_error: None,
    }
}

fn pulled() -> Result<PulledImage, PullError> {
    Ok(PulledImage { size: 1_000, took: Duration::from_millis(1_500), waited: Duration::from_secs(2) })
}

#[test]
fn a_finished_pull_tells_more_in_newer_releases() {
    for (minor, text) in [
        (25, "Successfully pulled image \"nginx\" in 3.5s"),
        (26, "Successfully pulled image \"nginx\" in 1.5s (3.5s including waiting)"),
        (30, "Successfully pulled image \"nginx\" in 1.5s (3.5s including waiting). Image size: 1000 bytes."),
    ] {
        let ensured = manager(minor).ensure(&sync(0, "Always", &Presence::Absent), &pulled());
        assert_eq!(ensured.events[1].message, text);
        assert_eq!(ensured.pulled_as.as_deref(), Some("nginx:latest"));
    }
}

#[test]
fn a_failure_backs_off_and_is_remembered() {
    let (mut manager, failure) = (manager(34), Err(PullError::of("denied")));
    let first = manager.ensure(&sync(0, "Always", &Presence::Absent), &failure);
    assert_eq!((first.reason, first.message.as_str()), (Some(WaitingReason::ErrImagePull), "denied"));
    let second = manager.ensure(&sync(9, "Always", &Presence::Absent), &failure);
    assert_eq!(second.reason, Some(WaitingReason::ImagePullBackOff));
    assert_eq!(second.message, "Back-off pulling image \"nginx\": ErrImagePull: denied");
    assert_eq!(second.error().as_deref(), Some("ImagePullBackOff"));
    assert!(manager.ensure(&sync(10, "Always", &Presence::Absent), &pulled()).ok);
}

#[test]
fn a_present_image_of_another_pod_is_pulled_again_where_credentials_are_verified() {
    let present = Presence::Present(Access::MustPull);
    let older = manager(34).ensure(&sync(0, "IfNotPresent", &present), &pulled());
    assert!(older.ok && older.pulled_as.is_none());
    let newer = manager(35).ensure(&sync(0, "IfNotPresent", &present), &pulled());
    assert!(newer.ok && newer.pulled_as.is_some());
    let never = manager(35).ensure(&sync(0, "Never", &present), &pulled());
    assert_eq!(never.reason, Some(WaitingReason::ErrImageNeverPull));
    assert_eq!(never.message, "Container image \"nginx\" is not present with pull policy of Never");
}
