UPDATE docker_containers SET health = 'healthy' WHERE name = 'kept';
