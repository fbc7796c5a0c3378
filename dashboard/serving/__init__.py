"""What the server is made of: who may ask, uploads, downloads, visitors, workers, sweeping."""
