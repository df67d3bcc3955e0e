//! Rules of the stage credentials.

use super::pages::{ADMISSION_PLUGINS, CREDENTIAL_PROVIDERS, IMAGES, SECRETS};
use super::{DocLink, doc, doc_notes, rules};

/// A heading of the page about images, for the notes.
const fn images(heading: &'static str) -> DocLink {
    DocLink { page: IMAGES, heading }
}

rules! { Credentials;
    CONFIG_FIELDS {
        id: "credentials.config-fields",
        title: "Of each entry the kubelet reads username, password, email and auth; nothing else counts.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/credentialprovider/config.go DockerConfigEntry.UnmarshalJSON",
    }
    EMPTY_ENTRY {
        id: "credentials.empty-entry",
        title: "An entry without user name and password still counts as a credential.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/credentialprovider/config.go DockerConfigEntry.UnmarshalJSON",
    }
    SECRET_NAME_EMPTY {
        id: "credentials.secret-name-empty",
        title: "A pull secret without a name is passed over.",
        doc: doc(IMAGES, "specifying-imagepullsecrets-on-a-pod"),
        upstream: "pkg/kubelet/kubelet_pods.go getPullSecretsForPod",
    }
    SECRET_MISSING {
        id: "credentials.secret-missing",
        title: "A pull secret that does not exist in the pod's namespace is passed over, and the pull goes on without it.",
        doc: doc(IMAGES, "specifying-imagepullsecrets-on-a-pod"),
        upstream: "pkg/kubelet/kubelet_pods.go getPullSecretsForPod",
    }
    SECRET_REFUSED {
        id: "credentials.secret-refused",
        title: "The API server refuses a Secret whose data is not base64.",
        doc: doc(SECRETS, "restriction-names-data"),
        upstream: "staging/src/k8s.io/api/core/v1/types.go Secret.Data",
    }
    SECRET_TYPE {
        id: "credentials.secret-type",
        title: "Only Secrets of type kubernetes.io/dockerconfigjson and kubernetes.io/dockercfg count; others are passed over silently.",
        doc: doc(IMAGES, "creating-a-secret-with-a-docker-config"),
        upstream: "pkg/credentialprovider/secrets/secrets.go MakeDockerKeyring",
    }
    SECRET_KEY {
        id: "credentials.secret-key",
        title: "A pull secret counts only if it has data under the key that belongs to its type.",
        doc: doc(SECRETS, "docker-config-secrets"),
        upstream: "pkg/credentialprovider/secrets/secrets.go MakeDockerKeyring",
    }
    SECRET_MALFORMED {
        id: "credentials.secret-malformed",
        title: "A pull secret of the right type that cannot be read fails every pull of the pod before any attempt.",
        doc: doc(IMAGES, "creating-a-secret-with-a-docker-config"),
        upstream: "pkg/credentialprovider/secrets/secrets.go MakeDockerKeyring",
    }
    SECRET_USED {
        id: "credentials.secret-used",
        title: "All pull secrets of the right type go into one keyring, in the order of the list.",
        doc: doc(IMAGES, "specifying-imagepullsecrets-on-a-pod"),
        upstream: "pkg/credentialprovider/secrets/secrets.go MakeDockerKeyring",
    }
    KEY_INVALID {
        id: "credentials.key-invalid",
        title: "A key that is no URL is dropped with a line in the kubelet's log.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/credentialprovider/keyring.go BasicDockerKeyring.Add",
    }
    KEY_NORMALISED {
        id: "credentials.key-normalised",
        title: "A key counts as its host and path, without http:// or https:// and without a leading /v1/ or /v2/.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/credentialprovider/keyring.go BasicDockerKeyring.Add",
    }
    KEY_IS_A_URL {
        id: "credentials.key-is-a-url",
        title: "Key and image are read as URLs before they are compared.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/credentialprovider/keyring.go ParseSchemelessURL",
    }
    PORT_EQUAL {
        id: "credentials.port-equal",
        title: "Key and image must name the same port, letter by letter.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/credentialprovider/keyring.go URLsMatch",
    }
    LABELS_EQUAL_IN_NUMBER {
        id: "credentials.labels-equal-in-number",
        title: "The hosts of key and image must have the same number of labels; a * never crosses a dot.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/credentialprovider/keyring.go URLsMatch",
    }
    PATH_PREFIX {
        id: "credentials.path-prefix",
        title: "The image's path must begin with the key's path, compared as plain text.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/credentialprovider/keyring.go URLsMatch",
    }
    LABEL_GLOB {
        id: "credentials.label-glob",
        title: "Each label of the image's host must fit the label of the key at the same place.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/credentialprovider/keyring.go URLsMatch",
    }
    GO_BUILD {
        id: "credentials.go-build",
        title: "Whether [ ] in a host may be used depends on the Go release that the kubelet was built with: up to Go 1.24.10 or 1.25.1 it works, later the key is dropped.",
        doc: doc(IMAGES, "config-json"),
        upstream: "net/url parseHost",
    }
    KEY_ORDER {
        id: "credentials.key-order",
        title: "Matching keys are tried in reverse byte order, equal keys in the order of the pull secrets.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/credentialprovider/keyring.go BasicDockerKeyring.Lookup",
    }
    KEY_ORDER_RANDOM {
        id: "credentials.key-order-random",
        title: "Two spellings in one file that come to the same key are tried in random order.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/credentialprovider/keyring.go BasicDockerKeyring.Add",
    }
    HUB_FALLBACK {
        id: "credentials.hub-fallback",
        title: "For images of Docker Hub the key index.docker.io counts, but only if no other key of the same keyring matches.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/credentialprovider/keyring.go BasicDockerKeyring.Lookup",
    }
    SECRETS_BEFORE_NODE {
        id: "credentials.secrets-before-node",
        title: "The pull secrets' credentials are tried first, then those of the node's file.",
        doc: doc(IMAGES, "using-a-private-registry"),
        upstream: "pkg/credentialprovider/keyring.go UnionDockerKeyring.Lookup",
    }
    REPEATED {
        id: "credentials.repeated",
        title: "Equal credentials are not joined: each is tried.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/credentialprovider/keyring.go UnionDockerKeyring.Lookup",
    }
    ANONYMOUS {
        id: "credentials.anonymous",
        title: "An image is pulled without credentials only if no credential matches.",
        doc: doc(IMAGES, "using-a-private-registry"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_image.go PullImage",
    }
    NEVER_MATCHES {
        id: "credentials.never-matches",
        title: "An image's registry and repository name are limited in their letters; a key outside them matches no image.",
        doc: doc(IMAGES, "image-names"),
        upstream: "pkg/util/parsers/parsers.go ParseImageName",
    }
    NODE_FILE_SEARCH {
        id: "credentials.node-file-search",
        title: "The kubelet uses the first config.json that can be read, and only if there is none the first .dockercfg.",
        doc: doc(IMAGES, "configuring-nodes-to-authenticate-to-a-private-registry"),
        upstream: "pkg/credentialprovider/config.go ReadDockerConfigFile",
    }
    NODE_FILE_SKIPPED {
        id: "credentials.node-file-skipped",
        title: "A node's file that cannot be read is passed over with a line in the kubelet's log.",
        doc: doc(IMAGES, "configuring-nodes-to-authenticate-to-a-private-registry"),
        upstream: "pkg/credentialprovider/config.go ReadDockerConfigJSONFile",
    }
    USE_CASE_OPEN {
        id: "credentials.use-case-open",
        title: "Open images need no credentials.",
        doc: doc(IMAGES, "use-cases"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_image.go PullImage",
    }
    USE_CASE_NODE {
        id: "credentials.use-case-node",
        title: "Images that every user of the cluster may see need credentials on every node, and none in pods.",
        doc: doc(IMAGES, "configuring-nodes-to-authenticate-to-a-private-registry"),
        upstream: "pkg/credentialprovider/config.go ReadDockerConfigJSONFile",
    }
    USE_CASE_SECRET {
        id: "credentials.use-case-secret",
        title: "Images that only some may see need a pull secret in each namespace that may, and no credentials on the nodes.",
        doc: doc(IMAGES, "specifying-imagepullsecrets-on-a-pod"),
        upstream: "pkg/kubelet/kubelet_pods.go getPullSecretsForPod",
    }
    ALWAYS_PULL_ON_SHARED_NODES {
        id: "credentials.always-pull-on-shared-nodes",
        title: "On shared nodes only AlwaysPullImages, or a kubelet that verifies credentials, keeps others from an image that is there.",
        doc: doc(ADMISSION_PLUGINS, "alwayspullimages"),
        upstream: "plugin/pkg/admission/alwayspullimages/admission.go Admit",
    }
    TAG_IN_PRODUCTION {
        id: "credentials.latest-in-production",
        title: "The tag latest does not say which version runs, nor which one to go back to.",
        doc: doc(IMAGES, "image-names"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_Container",
    }
    KEY_OFFERED_FURTHER {
        id: "credentials.key-offered-further",
        title: "A credential is offered to every repository whose name begins with its key.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/credentialprovider/keyring.go URLsMatch",
    }
    SECRET_FITS_NO_IMAGE {
        id: "credentials.secret-fits-no-image",
        title: "A pull secret none of whose keys fits an image of the pod does nothing there.",
        doc: doc(IMAGES, "specifying-imagepullsecrets-on-a-pod"),
        upstream: "pkg/credentialprovider/keyring.go BasicDockerKeyring.Lookup",
    }
}

doc_notes! {
    NOTE_STAR_ACROSS_DOTS {
        id: "credentials.note.star-across-dots",
        claim: "The key *my-registry.io/images serves sub.my-registry.io/images too.",
        truth: "It does not: a * stays within one label, so that key serves only hosts of exactly two labels. Write *.my-registry.io/images for the sub-domains.",
        editions: "v1.20, v1.21 and v1.26",
        doc: images("config-json"),
        evidence: "https://github.com/kubernetes/kubernetes/issues/119941",
    }
    NOTE_GLOB_SYNTAX {
        id: "credentials.note.glob-syntax",
        claim: "Keys may use ?, [a-z], [^a] and \\ in the host.",
        truth: "Only * works everywhere. A ? starts the query of the URL and cuts the key off; \\, ^ and a host that begins with [ make the key invalid, and other classes work only in kubelets built with an older Go.",
        editions: "v1.20, v1.21 and v1.26",
        doc: images("config-json"),
        evidence: "pkg/credentialprovider/keyring.go ParseSchemelessURL",
    }
    NOTE_PATH_PREFIX {
        id: "credentials.note.path-prefix",
        claim: "Paths are matched by prefix, as if part by part.",
        truth: "The prefix is plain text: a key with the path /images also serves /images2 and /images-private. A closing slash prevents that, but then the repository of exactly that name is not served.",
        editions: "all",
        doc: images("config-json"),
        evidence: "pkg/credentialprovider/keyring.go URLsMatch",
    }
    NOTE_FIXED_ORDER {
        id: "credentials.note.fixed-order",
        claim: "Several matching keys are tried if one of them fails.",
        truth: "The order is fixed: reverse byte order, so of two nested keys the longer goes first. After the last failure there is no attempt without credentials.",
        editions: "all",
        doc: images("config-json"),
        evidence: "pkg/credentialprovider/keyring.go BasicDockerKeyring.Lookup",
    }
    NOTE_VIRTUAL_CONFIG {
        id: "credentials.note.virtual-config",
        claim: "The kubelet merges all pull secrets into one virtual config.json.",
        truth: "They go into one keyring, but equal keys are kept beside each other and tried in the order of the secrets.",
        editions: "v1.20 and v1.21",
        doc: images("specifying-imagepullsecrets-on-a-pod"),
        evidence: "pkg/credentialprovider/secrets/secrets.go MakeDockerKeyring",
    }
    NOTE_MERGED {
        id: "credentials.note.merged",
        claim: "Pull secrets and the node's credentials are merged.",
        truth: "They stay apart: first all matches of the pull secrets, then those of the node's file.",
        editions: "all",
        doc: images("using-a-private-registry"),
        evidence: "pkg/credentialprovider/keyring.go UnionDockerKeyring.Lookup",
    }
    NOTE_HTTP_HEADERS {
        id: "credentials.note.http-headers",
        claim: "auths and HttpHeaders of the file are supported.",
        truth: "HttpHeaders are read and thrown away, never sent; a header that is no text even makes the whole file unreadable.",
        editions: "v1.21",
        doc: images("config-json"),
        evidence: "pkg/credentialprovider/config.go readDockerConfigJSONFileFromBytes",
    }
    NOTE_NODE_FILE_STILL_READ {
        id: "credentials.note.node-file-still-read",
        claim: "How a node is given credentials depends on its container runtime.",
        truth: "The kubelet still looks in eight places for config.json and .dockercfg, whatever the runtime.",
        editions: "v1.26, v1.28 and v1.29",
        doc: images("configuring-nodes-to-authenticate-to-a-private-registry"),
        evidence: "https://github.com/kubernetes/kops/issues/10558",
    }
    NOTE_ONE_NODE_FILE {
        id: "credentials.note.one-node-file",
        claim: "The kubelet reads these files on a node (a list of eight).",
        truth: "It reads only one of them: the first valid config.json, or if there is none the first valid .dockercfg.",
        editions: "v1.20 and v1.21",
        doc: images("configuring-nodes-to-authenticate-to-a-private-registry"),
        evidence: "pkg/credentialprovider/config.go ReadDockerConfigFile",
    }
    NOTE_SECRET_TYPE {
        id: "credentials.note.secret-type",
        claim: "Pull secrets must be of type dockercfg or dockerconfigjson.",
        truth: "Nothing checks it: one of another type or without its key is passed over without an event, while one of the right type that cannot be read fails every pull of the pod.",
        editions: "v1.26, v1.28 and v1.29",
        doc: images("creating-a-secret-with-a-docker-config"),
        evidence: "pkg/credentialprovider/secrets/secrets.go MakeDockerKeyring",
    }
    NOTE_GLOB_IN_PATH {
        id: "credentials.note.glob-in-path",
        claim: "Globs can be used in the domain, and the path may narrow the match.",
        truth: "A * in the path is a plain character: registry/* matches no image. Leave the path out.",
        editions: "v1.28 and v1.29",
        doc: DocLink { page: CREDENTIAL_PROVIDERS, heading: "configure-image-matching" },
        evidence: "https://github.com/container-registry/harbor-workload-identity-federation/issues/9",
    }
}
