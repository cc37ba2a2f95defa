/** All kinds of files that can be taken apart here. */
import { ADTS, MATROSKA, MP4, QTFF, WEBM } from 'mediabunny';
import { COMMON_FORMATS } from './header.ts';

export const FORMATS = [...COMMON_FORMATS, MP4, QTFF, ADTS, MATROSKA, WEBM];
