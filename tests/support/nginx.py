"""nginx with two workers on the loopback, out of a folder of its own. Shared by the Python tests and benchmarks."""

CONFIGURATION = """
daemon off; worker_processes 2; pid {folder}/pid; error_log {folder}/errors; user root;
events {{ worker_connections 256; }}
http {{ access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e; sendfile on; keepalive_requests 1000000;
  server {{ listen 127.0.0.1:{port}; root {folder};
           location = /status {{ stub_status; }} }} }}
"""


def server(folder, port):
    """Its command; it serves the files of the folder, and writes its pid there."""
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=port))
    return ["nginx", "-c", str(configuration)]
