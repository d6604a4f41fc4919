/*
 * Runs a program and says how long it took and how much memory it had at its peak.
 *
 *     measure RESULT SECONDS PROGRAM [ARGUMENT]...
 *
 * RESULT gets two numbers: nanoseconds from before the start to after the end, and kilobytes of the
 * largest of the processes. What has not ended after SECONDS is killed, with all that it has started.
 * The status is the program's own. This is a program for itself because the peak of a process counts
 * the memory of the one that it was forked from, and there is little of that here.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t child;

static void kill_child(int signal) {
    (void)signal;
    kill(-child, SIGKILL);
}

/* Where memory runs out, the program that is measured should be what ends, not what else runs here. */
static void offer_to_be_killed(void) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    if (write(file, "1000", 4) != 4) perror("oom_score_adj");
    close(file);
}

static long long nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void require(int is_well, const char *what) {
    if (is_well) return;
    perror(what);
    exit(125);
}

int main(int argc, char **argv) {
    if (argc < 4) return 125;
    offer_to_be_killed();
    signal(SIGALRM, kill_child);

    long long start = nanoseconds();
    child = fork();
    require(child >= 0, "fork");
    if (child == 0) {
        setpgid(0, 0);
        execvp(argv[3], argv + 3);
        perror(argv[3]);
        _exit(127);
    }
    setpgid(child, child);
    alarm(atoi(argv[2]));
    int status;
    struct rusage usage;
    while (wait4(child, &status, 0, &usage) < 0) continue;
    long long time = nanoseconds() - start;

    FILE *result = fopen(argv[1], "w");
    require(result && fprintf(result, "%lld %ld\n", time, usage.ru_maxrss) > 0, "write the result");
    require(fclose(result) == 0, "write the result");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
