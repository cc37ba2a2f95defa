/** The header worker: reads headers of the common kinds. It is small, and most songs want no more; an mp3 not even this. */
import { answerWith } from './answering.ts';
import { COMMON_FORMATS, readHeader } from '../decode/header.ts';

answerWith(({ file, name }) => readHeader(file, name, COMMON_FORMATS));
