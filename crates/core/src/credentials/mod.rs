//! Which registry credentials the kubelet finds for an image, and in which order it tries them.
