use super::*;
use std::time::Duration;

fn kind(failure: &Failure) -> Option<ErrorKind> {
    match failure {
        Failure::Fatal(error) => Some(error.kind()),
        _ => None,
    }
}

fn answer(status: u16, code: &str) -> Answer {
    Answer { status, code: code.to_owned(), pause: None }
}

fn judged(purpose: Purpose, status: u16, code: &str) -> Failure {
    of_answer(Service::S3, purpose, &answer(status, code))
}

#[test]
fn only_a_certain_conflict_is_a_conflict() {
    for (purpose, status, code) in [
        (Purpose::Create, 412, "PreconditionFailed"),
        (Purpose::Create, 409, "BlobAlreadyExists"),
        (Purpose::Create, 409, "OperationAborted"),
        (Purpose::Create, 409, ""),
        (Purpose::Create, 304, ""),
        (Purpose::Update, 412, "ConditionNotMet"),
        (Purpose::Update, 412, ""),
        (Purpose::Update, 409, "ConditionalRequestConflict"),
        (Purpose::Update, 404, "NoSuchKey"),
    ] {
        let failure = judged(purpose, status, code);
        assert!(matches!(failure, Failure::Conflict), "{status} {code}: {failure}");
    }
}

#[test]
fn what_may_have_been_done_is_unclear() {
    for status in [500, 502, 503, 504, 599, 408, 200] {
        for code in ["", "SlowDown", "InternalError"] {
            let failure = judged(Purpose::Update, status, code);
            assert!(matches!(failure, Failure::Unclear(_)), "{status} {code}: {failure}");
        }
    }
    assert!(matches!(judged(Purpose::Update, 400, "RequestTimeout"), Failure::Unclear(_)));
}

#[test]
fn too_many_requests_are_nothing_but_that() {
    for (purpose, status, code) in
        [(Purpose::Update, 429, ""), (Purpose::Read, 429, ""), (Purpose::Read, 503, "SlowDown")]
    {
        let mut answer = answer(status, code);
        answer.pause = Some(Duration::from_secs(3));
        let failure = of_answer(Service::Google, purpose, &answer);
        let Failure::Throttled { pause, .. } = failure else { panic!("{failure}") };
        assert_eq!(pause, Some(Duration::from_secs(3)));
    }
}

#[test]
fn what_does_not_pass_is_not_tried_again() {
    for (purpose, status, code, expected) in [
        (Purpose::Update, 404, "NoSuchBucket", ErrorKind::NotFound),
        (Purpose::Update, 404, "", ErrorKind::NotFound),
        (Purpose::Create, 404, "NoSuchBucket", ErrorKind::NotFound),
        (Purpose::Read, 404, "ContainerNotFound", ErrorKind::NotFound),
        (Purpose::Read, 403, "AccessDenied", ErrorKind::Denied),
        (Purpose::Update, 403, "InvalidAccessKeyId", ErrorKind::Denied),
        (Purpose::Update, 401, "", ErrorKind::Denied),
        (Purpose::Update, 400, "ExpiredToken", ErrorKind::Denied),
        (Purpose::Update, 412, "LeaseIdMissing", ErrorKind::Denied),
        (Purpose::Update, 409, "InvalidBlobType", ErrorKind::Denied),
        (Purpose::Update, 409, "SnapshotsPresent", ErrorKind::Denied),
        (Purpose::Create, 409, "BlobImmutableDueToPolicy", ErrorKind::Denied),
        (Purpose::Read, 409, "BlobArchived", ErrorKind::Denied),
        (Purpose::Read, 501, "", ErrorKind::Unsupported),
        (Purpose::Update, 501, "", ErrorKind::Unsupported),
        (Purpose::Update, 400, "NotImplemented", ErrorKind::Unsupported),
        (Purpose::Update, 400, "MetadataTooLarge", ErrorKind::Unsupported),
        (Purpose::Update, 413, "", ErrorKind::Unfit),
        (Purpose::Update, 400, "EntityTooLarge", ErrorKind::Unfit),
        (Purpose::Read, 301, "PermanentRedirect", ErrorKind::Io),
        (Purpose::Read, 412, "", ErrorKind::Denied),
        (Purpose::Update, 303, "", ErrorKind::Io),
        (Purpose::Update, 400, "BadDigest", ErrorKind::Io),
    ] {
        let failure = judged(purpose, status, code);
        assert_eq!(kind(&failure), Some(expected), "{status} {code}: {failure}");
    }
}

#[test]
fn messages_say_what_to_do() {
    for (purpose, status, code, says) in [
        (Purpose::Read, 403, "RequestTimeTooSkewed", "clock of this machine differs"),
        (Purpose::Read, 403, "AccessDenied", "s3:ListBucket"),
        (Purpose::Read, 301, "PermanentRedirect", "set AWS_REGION"),
        (
            Purpose::Create,
            404,
            "NoSuchBucket",
            "the bucket does not exist (status 404, NoSuchBucket)",
        ),
        (Purpose::Create, 501, "", "no conditional writes (status 501)"),
        (Purpose::Read, 501, "", "does not know how to read documents (status 501)"),
        (Purpose::Read, 409, "BlobArchived", "it refuses reading (status 409, BlobArchived)"),
        (Purpose::Update, 409, "SnapshotsPresent", "(status 409, SnapshotsPresent)"),
        (Purpose::Update, 400, "AuthorizationHeaderMalformed", "set AWS_REGION"),
    ] {
        let text = judged(purpose, status, code).to_string();
        assert!(text.contains(says), "{text}");
    }
    let text = judged(Purpose::Read, 409, "LeaseIdMissing").to_string();
    assert!(!text.contains("replaced"), "{text}");
}

#[test]
fn a_404_that_does_not_name_the_document_is_no_absence() {
    for (status, code, expected) in [
        (404, "NoSuchKey", true),
        (404, "BlobNotFound", true),
        (404, "NoSuchBucket", false),
        (404, "ContainerNotFound", false),
        (404, "", false),
        (403, "NoSuchKey", false),
        (200, "NoSuchKey", false),
    ] {
        assert_eq!(means_absent(&answer(status, code)), expected, "{status} {code}");
    }
}

#[test]
fn a_request_that_was_never_made_has_no_effect() {
    let exchange = Exchange::default();
    let failure = of(Service::S3, Purpose::Update, &exchange, None);
    assert!(matches!(failure, Failure::Unsent(_)), "{failure}");
    let source = "the token holds a secret".into();
    let error = object_store::Error::Generic { store: "S3", source };
    let failure = of(Service::S3, Purpose::Update, &exchange, Some(&error));
    assert_eq!(kind(&failure), Some(ErrorKind::Denied));
    let text = failure.to_string();
    assert!(text.starts_with("there are no credentials for it; set AWS_ACCESS_KEY_ID"), "{text}");
}

#[test]
fn google_too_forbids_what_is_missing() {
    let failure = of_answer(Service::Google, Purpose::Read, &answer(403, "AccessDenied"));
    assert!(failure.to_string().contains("storage.objects.list"), "{failure}");
}
