//! What the API server's admission plug-ins change and refuse.
