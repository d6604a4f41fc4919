/*
 * The least that a durable edit can be: the system calls of lock, read, write, sync, rename and
 * sync, and nothing else. It is the floor that `jsonlock set` is measured against.
 *
 *     protocol FILE KEY VALUE [none]
 *
 * VALUE overwrites as many bytes behind `"KEY": ` in FILE, so that no parser is needed; `none`
 * leaves the two syncs out. Without arguments it ends at once: that is what starting a program costs.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static void require(int is_well, const char *what) {
    if (!is_well) {
        perror(what);
        exit(1);
    }
}

static void overwrite(char *text, size_t length, const char *key, const char *value) {
    char name[256];
    snprintf(name, sizeof name, "\"%s\": ", key);
    char *found = memmem(text, length, name, strlen(name));
    require(found != NULL, "find the key");
    found += strlen(name);
    require((size_t)(text + length - found) >= strlen(value), "find room for the value");
    memcpy(found, value, strlen(value));
}

int main(int argc, char **argv) {
    if (argc < 4) return 0;
    const char *path = argv[1];
    int syncs = argc < 5 || strcmp(argv[4], "none") != 0;
    char lock_path[4096], temp_path[4096], dir_path[4096];
    snprintf(lock_path, sizeof lock_path, "%s.lock", path);
    snprintf(temp_path, sizeof temp_path, "%s.%d.tmp", path, getpid());
    snprintf(dir_path, sizeof dir_path, "%s", path);

    int lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    require(lock >= 0, "open the lock file");
    require(flock(lock, LOCK_EX) == 0, "lock");

    struct stat stat;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    require(file >= 0 && fstat(file, &stat) == 0, "open the file");
    ssize_t length = stat.st_size;
    char *text = malloc(length);
    require(text != NULL && read(file, text, length) == length, "read");
    overwrite(text, length, argv[2], argv[3]);

    int temp = open(temp_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    require(temp >= 0, "create the temporary file");
    require(write(temp, text, length) == length, "write");
    require(fchmod(temp, stat.st_mode & 07777) == 0, "set the permissions");
    require(!syncs || fsync(temp) == 0, "sync the file");
    require(rename(temp_path, path) == 0, "rename");
    require(flock(lock, LOCK_UN) == 0, "unlock");

    if (syncs) {
        int dir = open(dirname(dir_path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        require(dir >= 0 && fsync(dir) == 0, "sync the directory");
    }
    return 0;
}
