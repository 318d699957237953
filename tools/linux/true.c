/* true.c - what the benchmark executes on Linux; Parley has user/true.c. */
int main(void)
{
	return 0;
}
