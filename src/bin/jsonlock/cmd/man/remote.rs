//! What the manual says of documents that services keep.

/// The kinds of URLs.
pub(super) const URLS: [(&str, &str); 4] = [
    (
        "etcd://HOST:PORT,HOST:PORT/KEY",
        "A key of etcd, which is everything behind the first slash, with %20 for a space as in all URLs. Without hosts, as in etcd:///KEY, they are \
         in ETCDCTL_ENDPOINTS.",
    ),
    (
        "s3://BUCKET/KEY",
        "An object in S3, or in a service that speaks its language; s3a:// is the same.",
    ),
    (
        "az://CONTAINER/KEY",
        "A blob in Azure Blob Storage; abfs://CONTAINER@ACCOUNT/KEY, or abfss://, names the storage account, too.",
    ),
    ("gs://BUCKET/KEY", "An object in Google Cloud Storage."),
];

/// What holds for all of them.
pub(super) const REMOTE: [&str; 6] = [
    "Where FILE is a URL, a service keeps the document, and many machines can edit it. A jsonlock that was \
     built without a kind of them says so, and the exit status is 69; a beginning that is none of these is an \
     error too, and never a file. A file of such a name is written ./s3://name.",
    "An edit reads the document and its version, and writes it only if that version still stands. If another \
     edit came first, it starts again on what that made, after a pause that is random, longer each time, and no \
     longer than --timeout as a whole. Edits are therefore made one after the other, none is lost, and none is \
     made twice; but nobody queues, so that with many writers some wait longer than others.",
    "With the document each edit leaves its number and its name. When a write is not answered, jsonlock \
     reads the document again and finds out by these whether it was made. If that cannot be told, because \
     another program has written the document meanwhile or because the service cannot be reached, the exit \
     status is 79, and the message has the name of the edit and the version that it was based on. FILE may or \
     may not have been changed then. With 69, 75, 76 and 77 it was not.",
    "jsonlock ends at once by SIGINT, SIGTERM and SIGHUP, and also by SIGKILL. If an edit was being sent, it may \
     or may not be made. Nothing is left behind that keeps others out or has to be removed, but for the document of a trial by \
     status --probe.",
    "The options --backup, --mode and --lock-file are errors, and so is the command lock. The options \
     --durability, --parents, --force, --break-hard-links, --follow, --network-fs and --optimistic have no \
     meaning and are accepted.",
    "Who may read and write is decided by the variables that the services' own tools use, see ENVIRONMENT; \
     URLs hold no passwords. docs/engines.md in the source tells which service is good for what, what each needs \
     to be allowed, and where its limits are.",
];

/// What says where services are, and who asks them.
pub(super) const ENVIRONMENT: [(&str, &str); 9] = [
    (
        "ETCDCTL_ENDPOINTS",
        "The hosts of etcd for URLs without hosts: HOST:PORT, http://HOST:PORT or https://HOST:PORT, with commas \
         between them.",
    ),
    (
        "ETCDCTL_CACERT, ETCDCTL_CERT, ETCDCTL_KEY",
        "Files in PEM for TLS with etcd: whom to trust in place of those whom the system trusts, and the \
         certificate and key of who asks. With the first or the second, hosts are asked by TLS.",
    ),
    (
        "ETCDCTL_USER, ETCDCTL_PASSWORD",
        "Who asks etcd: NAME:PASSWORD, or NAME and the password. It is sent to other machines by TLS only.",
    ),
    (
        "ETCD_MAX_REQUEST_BYTES",
        "How large a request may be, where etcd was started with another --max-request-bytes than 1.5 MiB.",
    ),
    (
        "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN",
        "Who asks S3. Profiles in ~/.aws are not read; aws configure export-credentials --format env prints them \
         as variables.",
    ),
    (
        "AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_ALLOW_HTTP",
        "Where S3 is. Without TLS it is only asked if AWS_ALLOW_HTTP is true, and so the others, with \
         AZURE_ALLOW_HTTP and GOOGLE_ALLOW_HTTP.",
    ),
    (
        "AZURE_STORAGE_ACCOUNT_NAME, AZURE_STORAGE_ACCOUNT_KEY, AZURE_STORAGE_SAS_TOKEN, AZURE_CLIENT_ID, \
         AZURE_CLIENT_SECRET, AZURE_TENANT_ID, AZURE_FEDERATED_TOKEN_FILE, AZURE_STORAGE_USE_EMULATOR",
        "Where Azure Blob Storage is, and who asks it.",
    ),
    (
        "GOOGLE_APPLICATION_CREDENTIALS, GOOGLE_SERVICE_ACCOUNT",
        "Files that say who asks Google Cloud Storage.",
    ),
    (
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "The certificate authorities to trust in place of the system's, for all services.",
    ),
];
