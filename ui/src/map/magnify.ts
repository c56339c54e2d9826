import { ref } from 'vue'

/** How much larger than on a desk the map's words, signs and points are drawn; 1 on a desk, more on a wall. */
export const magnification = ref(1)
