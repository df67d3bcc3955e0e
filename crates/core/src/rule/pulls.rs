//! Rules of pulls on the node.

use super::pages::{CREDENTIAL_PROVIDERS, IMAGES, POD_LIFECYCLE};
use super::{doc, rules};
use crate::release::Since;

rules! { Pulls;
    IMAGE_BACK_OFF {
        id: "pulls.image-back-off",
        title: "After a failed pull of an image for a pod the kubelet waits 10 s, then twice as long after each further failure, at most 300 s.",
        doc: doc(IMAGES, "imagepullbackoff"),
        upstream: "k8s.io/client-go/util/flowcontrol/backoff.go Backoff.Next",
    }
    CRASH_LOOP_BACK_OFF {
        id: "pulls.crash-loop-back-off",
        title: "A container that ended is started again at once the first time and then after 10 s, 20 s and so on, at most 300 s after it ended.",
        doc: doc(POD_LIFECYCLE, "restart-policy"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff",
    }
    CRASH_LOOP_REDUCED {
        id: "pulls.crash-loop-reduced",
        title: "With the feature gate ReduceDefaultCrashLoopBackOffDecay a container that ended waits 1 s, 2 s and so on, at most 60 s.",
        doc: doc(POD_LIFECYCLE, "reduced-container-restart-delay"),
        upstream: "pkg/kubelet/kubelet.go newCrashLoopBackOff",
        since: Since::minor(33),
    }
    CRASH_LOOP_MAX {
        id: "pulls.crash-loop-max",
        title: "With the feature gate KubeletCrashLoopBackOffMax the kubelet's configuration sets the longest wait before a restart.",
        doc: doc(POD_LIFECYCLE, "configurable-container-restart-delay"),
        upstream: "pkg/kubelet/kubelet.go newCrashLoopBackOff",
        since: Since::minor(32),
    }
    SERIAL_PULLS {
        id: "pulls.serial",
        title: "With serializeImagePulls the node pulls one image after another, in the order in which they are asked for.",
        doc: doc(IMAGES, "serial-and-parallel-image-pulls"),
        upstream: "pkg/kubelet/images/puller.go serialImagePuller",
    }
    PARALLEL_PULLS {
        id: "pulls.parallel",
        title: "Without serializeImagePulls the node pulls images side by side.",
        doc: doc(IMAGES, "serial-and-parallel-image-pulls"),
        upstream: "pkg/kubelet/images/puller.go parallelImagePuller",
    }
    PARALLEL_LIMIT {
        id: "pulls.parallel-limit",
        title: "maxParallelImagePulls limits how many images are pulled at a time.",
        doc: doc(IMAGES, "maximum-parallel-image-pulls"),
        upstream: "pkg/kubelet/images/puller.go newParallelImagePuller",
        since: Since::minor(27),
    }
    INVALID_IMAGE_NAME {
        id: "pulls.invalid-image-name",
        title: "An image name that cannot be read stops the container with InvalidImageName before anything else is asked.",
        doc: doc(IMAGES, "image-names"),
        upstream: "pkg/kubelet/images/image_manager.go EnsureImageExists",
    }
    INSPECTED_BY_POLICY {
        id: "pulls.inspected-by-policy",
        title: "With the policy Always the kubelet does not ask the runtime whether the image is there.",
        doc: doc(IMAGES, "image-pull-policy"),
        upstream: "pkg/kubelet/images/image_manager.go imagePullPrecheck",
        since: Since::between(20, 32),
    }
    NEVER_PULLED {
        id: "pulls.never",
        title: "With the policy Never an image that is not on the node gives ErrImageNeverPull.",
        doc: doc(IMAGES, "image-pull-policy"),
        upstream: "pkg/kubelet/images/image_manager.go imageNotPresentOnNeverPolicyError",
    }
    PRESENT_MESSAGE {
        id: "pulls.present-message",
        title: "The sentence of the event about an image that is present is also the container's message.",
        doc: None,
        upstream: "pkg/kubelet/images/image_manager.go EnsureImageExists",
        since: Since::between(20, 32),
    }
    BACK_OFF_NAMES_ERROR {
        id: "pulls.back-off-names-error",
        title: "The message of ImagePullBackOff ends with the error of the last pull.",
        doc: doc(IMAGES, "imagepullbackoff"),
        upstream: "pkg/kubelet/images/image_manager.go pullImage",
        since: Since::between(20, 32),
    }
    PULL_ERRORS_BY_PREFIX {
        id: "pulls.errors-by-prefix",
        title: "An error text that begins with RegistryUnavailable or SignatureValidationFailed becomes the waiting reason of that name.",
        doc: doc(IMAGES, ""),
        upstream: "pkg/kubelet/images/image_manager.go evalCRIPullErr",
        since: Since::between(20, 32),
    }
    PULLED_INCLUDING_WAITING {
        id: "pulls.pulled-including-waiting",
        title: "The event about a finished pull tells the time with and without waiting for other pulls.",
        doc: None,
        upstream: "pkg/kubelet/images/image_manager.go EnsureImageExists",
        since: Since::minor(26),
    }
    PULLED_IMAGE_SIZE {
        id: "pulls.pulled-image-size",
        title: "The event about a finished pull tells the image's size.",
        doc: None,
        upstream: "pkg/kubelet/images/image_manager.go EnsureImageExists",
        since: Since::minor(30),
    }
    PULL_QPS {
        id: "pulls.qps",
        title: "A pull above registryPullQPS and registryBurst fails at once and backs off like any other.",
        doc: doc("reference/config-api/kubelet-config.v1beta1/", ""),
        upstream: "pkg/kubelet/images/helpers.go throttledImageService.PullImage",
    }
    VERIFIED_BY_POLICY {
        id: "pulls.verified-by-policy",
        title: "imagePullCredentialsVerificationPolicy says for which images on the node a pod has to show that it may use them.",
        doc: doc(IMAGES, "ensureimagepullcredentialverification"),
        upstream: "pkg/kubelet/images/pullmanager/image_pull_policies.go RequireCredentialVerificationForImage",
        since: Since::minor(33),
    }
    VERIFIED_BY_RECORD {
        id: "pulls.verified-by-record",
        title: "A pod may use an image that was pulled for the whole node, or with a Secret or ServiceAccount that it has too.",
        doc: doc(IMAGES, "ensureimagepullcredentialverification"),
        upstream: "pkg/kubelet/images/pullmanager/image_pull_manager.go MustAttemptImagePull",
        since: Since::minor(33),
    }
    ALLOWLIST_BY_NAME {
        id: "pulls.allowlist-by-name",
        title: "The allow-list is compared with the normalised name of the image, without tag and digest.",
        doc: doc(IMAGES, "ensureimagepullcredentialverification"),
        upstream: "pkg/kubelet/images/pullmanager/image_pull_policies.go NeverVerifyAllowlistedImages.imageMatches",
        since: Since::between(35, 37),
    }
    LOOK_UP_BEFORE_PULL {
        id: "pulls.look-up-before-pull",
        title: "Credentials are looked up before the pull; when that fails, its error stands in the place of a waiting reason.",
        doc: None,
        upstream: "pkg/kubelet/images/image_manager.go EnsureImageExists",
        since: Since::between(32, 35),
    }
    PLUGINS_ASKED_THOUGH_PRESENT {
        id: "pulls.plugins-asked-though-present",
        title: "The kubelet looks up credentials, at plug-ins too, before it knows whether it needs them: a slow plug-in delays a container whose image is there.",
        doc: None,
        upstream: "pkg/kubelet/images/image_manager.go EnsureImageExists",
        since: Since::minor(33),
        until: Since::between(33, 35),
    }
    ANONYMOUS_PULL {
        id: "pulls.anonymous",
        title: "An image is pulled without credentials only if none matches it.",
        doc: doc(IMAGES, "using-a-private-registry"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_image.go PullImage",
    }
    ATTEMPTS_IN_ORDER {
        id: "pulls.attempts",
        title: "Each matching credential is tried in order until the registry accepts one.",
        doc: doc(IMAGES, "config-json"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_image.go PullImage",
    }
    ERRORS_JOINED {
        id: "pulls.errors-joined",
        title: "When every attempt fails, their different errors are printed together in brackets.",
        doc: None,
        upstream: "k8s.io/apimachinery/pkg/util/errors/errors.go aggregate.Error",
    }
    PARALLEL_BY_LIMIT {
        id: "pulls.parallel-by-limit",
        title: "A maxParallelImagePulls of 2 or more turns serializeImagePulls off where it is not written.",
        doc: doc(IMAGES, "maximum-parallel-image-pulls"),
        upstream: "pkg/kubelet/apis/config/v1beta1/defaults.go SetDefaults_KubeletConfiguration",
        since: Since::between(26, 32),
    }
    MINIMUM_AGE_NOT_NEGATIVE {
        id: "pulls.minimum-age-not-negative",
        title: "imageMinimumGCAge must not be negative.",
        doc: doc("concepts/architecture/garbage-collection/", "container-image-lifecycle"),
        upstream: "pkg/kubelet/apis/config/validation/validation.go ValidateKubeletConfiguration",
        since: Since::between(32, 37),
    }
    MAX_IMAGES_NAMED {
        id: "pulls.max-images-named",
        title: "The error about nodeStatusMaxImages names the value.",
        doc: None,
        upstream: "pkg/kubelet/apis/config/validation/validation.go ValidateKubeletConfiguration",
        since: Since::between(20, 32),
    }
    CREDENTIAL_PROVIDER_ASKED {
        id: "pulls.credential-provider-asked",
        title: "A credential provider is asked only about images that one of its matchImages fits and that its cache does not answer.",
        doc: doc(CREDENTIAL_PROVIDERS, "configure-image-matching"),
        upstream: "pkg/credentialprovider/plugin/plugin.go pluginProvider.Provide",
    }
    CREDENTIAL_PROVIDER_V1BETA1 {
        id: "pulls.credential-provider-v1beta1",
        title: "The kubelet reads version v1beta1 of credential provider configurations and responses.",
        doc: doc(CREDENTIAL_PROVIDERS, ""),
        upstream: "pkg/credentialprovider/plugin/plugin.go apiVersions",
        since: Since::minor(24),
    }
    CREDENTIAL_PROVIDER_V1 {
        id: "pulls.credential-provider-v1",
        title: "The kubelet reads version v1 of credential provider configurations and responses.",
        doc: doc(CREDENTIAL_PROVIDERS, ""),
        upstream: "pkg/credentialprovider/plugin/plugin.go apiVersions",
        since: Since::minor(26),
    }
    CREDENTIAL_PROVIDERS_DIFFER {
        id: "pulls.credential-providers-differ",
        title: "Two credential providers of one name are refused.",
        doc: doc(CREDENTIAL_PROVIDERS, ""),
        upstream: "pkg/credentialprovider/plugin/config.go validateCredentialProviderConfig",
        since: Since::between(25, 33),
    }
    MISSING_SECRETS_TOLD {
        id: "pulls.missing-secrets-told",
        title: "A warning names the pull secrets that are not there; the pull is made all the same.",
        doc: doc(IMAGES, "specifying-imagepullsecrets-on-a-pod"),
        upstream: "pkg/kubelet/kubelet_pods.go getPullSecretsForPod",
        since: Since::between(20, 25),
    }
    RUNTIME_ERROR_STRIPPED {
        id: "pulls.runtime-error-stripped",
        title: "The kubelet leaves out `rpc error: code = Unknown desc = ` before a runtime's error.",
        doc: None,
        upstream: "staging/src/k8s.io/cri-client/pkg/remote_image.go PullImage",
        since: Since::between(20, 32),
    }
    IN_ORDER_WITHIN_POD {
        id: "pulls.in-order",
        title: "The kubelet needs a pod's images one after another: image volumes, then each container's just before it is created.",
        doc: doc(IMAGES, "serial-and-parallel-image-pulls"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_manager.go SyncPod",
    }
    SYNCED_AGAIN {
        id: "pulls.synced-again",
        title: "After an error the kubelet looks at the pod again 10 to 15 s later, whether or not the back-off is over.",
        doc: None,
        upstream: "pkg/kubelet/pod_workers.go completeWork",
        until: Since::minor(35),
    }
    SYNCED_AT_BACK_OFF_END {
        id: "pulls.synced-at-back-off-end",
        title: "A pod in back-off is looked at again when the back-off ends, at the latest after a minute.",
        doc: None,
        upstream: "pkg/kubelet/pod_workers.go completeWork, pkg/kubelet/container/sync_result.go MinBackoffExpiration",
        since: Since::minor(35),
    }
    STATUS_AT_SYNC {
        id: "pulls.status-at-sync",
        title: "The kubelet reports a pod's status when it begins to look at it: what a pull came to shows at the next look.",
        doc: None,
        upstream: "pkg/kubelet/kubelet.go SyncPod, pkg/kubelet/reason_cache.go",
    }
    CREATED_WITH_COLON {
        id: "pulls.created-with-colon",
        title: "The event about a created container has a colon before the name.",
        doc: None,
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer",
        since: Since::between(20, 32),
    }
    CREATED_WITHOUT_NAME {
        id: "pulls.created-without-name",
        title: "The events about a created and a started container leave out its name.",
        doc: None,
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer",
        since: Since::between(34, 36),
    }
    PROVIDERS_AFTER_NODE_FILE {
        id: "pulls.providers-after-node-file",
        title: "The credentials of plug-ins are tried after those of the node's file; before, the keys of both were sorted together.",
        doc: doc(CREDENTIAL_PROVIDERS, ""),
        upstream: "pkg/credentialprovider/plugin/plugins.go NewExternalCredentialProviderDockerKeyring",
        since: Since::minor(33),
    }
    PLATFORM_CHOSEN {
        id: "pulls.platform",
        title: "The runtime takes the image for the node's platform from an index; the kubelet has no say in it.",
        doc: doc(IMAGES, "multi-architecture-images-with-image-indexes"),
        upstream: "containerd core/images/image.go Manifest",
    }
    TAG_MOVES {
        id: "pulls.tag-moves",
        title: "A tag is asked for at each pull; a node keeps what it got until it pulls again.",
        doc: doc(IMAGES, "image-names"),
        upstream: "pkg/kubelet/images/image_manager.go EnsureImageExists",
    }
    BUILT_IN_PROVIDERS {
        id: "pulls.built-in-providers",
        title: "Older kubelets could fetch credentials of Amazon's, Azure's and Google's registries by themselves.",
        doc: doc(CREDENTIAL_PROVIDERS, ""),
        upstream: "pkg/credentialprovider/{aws,azure,gcp}",
        until: Since::minor(31),
    }
    PROVIDER_TOKENS {
        id: "pulls.provider-tokens",
        title: "A plug-in that works with ServiceAccount tokens is not asked for pods without the ServiceAccount or the annotations that it requires.",
        doc: doc(CREDENTIAL_PROVIDERS, "service-account-token-for-image-pulls"),
        upstream: "pkg/credentialprovider/plugin/plugin.go perPodPluginProvider",
        since: Since::minor(33),
    }
    PROVIDER_CACHE_TYPE {
        id: "pulls.provider-cache-type",
        title: "A plug-in that works with tokens says whether its answers are kept for the ServiceAccount or for the token.",
        doc: doc(CREDENTIAL_PROVIDERS, "service-account-token-for-image-pulls"),
        upstream: "pkg/credentialprovider/plugin/config.go validateCredentialProviderConfig",
        since: Since::minor(34),
    }
}
