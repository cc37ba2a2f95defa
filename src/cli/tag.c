#include "tag.h"

#include <stdlib.h>

void rank_tags(const float *scores, int tags, int *order) {
    for (int tag = 0; tag < tags; tag++) {
        int place = tag;
        for (; place > 0 && scores[order[place - 1]] < scores[tag]; place--) order[place] = order[place - 1];
        order[place] = tag;
    }
}

void tagging_clear(tagging *song) {
    free(song->means);
    free(song->ranking);
    free(song->features);
    rows_close(&song->table);
    warnings_clear(&song->remarks);
    *song = (tagging){0};
}
